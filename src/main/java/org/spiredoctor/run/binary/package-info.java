/** The executable that is sent into a pod. */
@NullMarked
package org.spiredoctor.run.binary;

import org.jspecify.annotations.NullMarked;
