/** The SPIFFE Workload API over a Unix socket or TCP. */
@NullMarked
package org.spiredoctor.spire;

import org.jspecify.annotations.NullMarked;
