/** Findings about the identities that entries grant. */
@NullMarked
package org.spiredoctor.diagnosis.rules.entry;

import org.jspecify.annotations.NullMarked;
