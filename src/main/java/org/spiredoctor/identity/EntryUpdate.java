package org.spiredoctor.identity;

/**
 * An update of one entry.
 *
 * @param seen the entry as it was when the update was planned
 * @param meant the same entry, by its id, as it is meant to be
 */
public record EntryUpdate(Entry seen, Entry meant) {}
