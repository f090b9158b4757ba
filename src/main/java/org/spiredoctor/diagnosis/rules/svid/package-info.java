/** Findings about SVIDs and bundles. */
@NullMarked
package org.spiredoctor.diagnosis.rules.svid;

import org.jspecify.annotations.NullMarked;
