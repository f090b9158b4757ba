/** {@code register}: look, plan, show, make the entries, and wait until they are served. */
@NullMarked
package org.spiredoctor.register;

import org.jspecify.annotations.NullMarked;
