/** Findings about the way to the cluster, and what may be seen of it. */
@NullMarked
package org.spiredoctor.diagnosis.rules.cluster;

import org.jspecify.annotations.NullMarked;
