/** Findings about SPIRE's agents: whether they run, attest, and may go on. */
@NullMarked
package org.spiredoctor.diagnosis.rules.agent;

import org.jspecify.annotations.NullMarked;
