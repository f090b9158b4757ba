/** Findings about SPIRE's servers. */
@NullMarked
package org.spiredoctor.diagnosis.rules.server;

import org.jspecify.annotations.NullMarked;
