/** What was seen, as immutable values, and the gathering of it. */
@NullMarked
package org.spiredoctor.evidence;

import org.jspecify.annotations.NullMarked;
