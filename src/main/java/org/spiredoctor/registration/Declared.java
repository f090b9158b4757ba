package org.spiredoctor.registration;

import org.spiredoctor.identity.Entry;

/**
 * An entry as somebody wants it.
 *
 * @param entry without an id
 * @param hinted whether its hint is declared, so that it is not ours to choose
 */
public record Declared(Entry entry, boolean hinted, Origin origin) {}
