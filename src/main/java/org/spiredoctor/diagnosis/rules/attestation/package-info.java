/** Findings about how the agent answers the caller. */
@NullMarked
package org.spiredoctor.diagnosis.rules.attestation;

import org.jspecify.annotations.NullMarked;
