/** Findings about the pod's volumes. */
@NullMarked
package org.spiredoctor.diagnosis.rules.pod;

import org.jspecify.annotations.NullMarked;
