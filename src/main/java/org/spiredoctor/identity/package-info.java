/**
 * SPIFFE ids, selectors, entries and agents, and how SPIRE joins them: what it would attest of a
 * container, which entries match, and which of these an agent is given. Pure, without a framework.
 */
@NullMarked
package org.spiredoctor.identity;

import org.jspecify.annotations.NullMarked;
