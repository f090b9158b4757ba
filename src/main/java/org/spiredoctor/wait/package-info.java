/** Waiting inside the pod until the Workload API serves. */
@NullMarked
package org.spiredoctor.wait;

import org.jspecify.annotations.NullMarked;
