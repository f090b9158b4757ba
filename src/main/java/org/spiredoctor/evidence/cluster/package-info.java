/** What was seen of a cluster and its SPIRE, as values; and how it is gathered. */
@NullMarked
package org.spiredoctor.evidence.cluster;

import org.jspecify.annotations.NullMarked;
