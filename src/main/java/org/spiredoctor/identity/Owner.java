package org.spiredoctor.identity;

import java.util.regex.Pattern;

/**
 * Whose entries those are that this program makes: told by their hint, the only field of an entry
 * that is free to hold a mark. An agent gives a workload only one SVID of each hint ("Ignoring
 * entry with duplicate hint"), so that every SPIFFE ID has a hint of its own.
 *
 * @param name to tell several sets of declarations apart; empty for the usual one
 */
public record Owner(String name) {
  /** The usual one. */
  public static final Owner USUAL = new Owner("");

  private static final String MARK = "spire-doctor";
  private static final int LONGEST = 250;

  /** What a name looks like. */
  public static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  /** {@code spire-doctor/} or {@code spire-doctor:NAME/}: with it begins every hint. */
  public String mark() {
    return MARK + (name.isEmpty() ? "" : ":" + name) + "/";
  }

  /** The hint of an entry that grants this SPIFFE ID, as {@code spire-doctor/web}. */
  public String hint(String spiffeId) {
    String hint = mark() + SpiffeIds.path(spiffeId).replaceFirst("^/", "");
    if (hint.length() <= LONGEST) {
      return hint;
    }
    // Java specifies it, so that it is the same in every run.
    return hint.substring(0, LONGEST - 9) + "-" + String.format("%08x", spiffeId.hashCode());
  }

  /** Whether a hint is the mark of any owner, and no help to a workload that has to choose. */
  public static boolean isMark(String hint) {
    return hint.startsWith(MARK + "/") || hint.startsWith(MARK + ":");
  }

  /** Whether an entry was made for this owner. */
  public boolean made(Entry entry) {
    return entry.hint().startsWith(mark());
  }
}
