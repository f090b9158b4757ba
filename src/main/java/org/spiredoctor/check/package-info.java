/** {@code check}: look at a pod or a cluster, examine what was seen, and fix what may be fixed. */
@NullMarked
package org.spiredoctor.check;

import org.jspecify.annotations.NullMarked;
