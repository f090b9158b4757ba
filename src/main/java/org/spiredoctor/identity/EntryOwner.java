package org.spiredoctor.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The owner of entries that this program creates: told by their hint, the only field of an entry
 * that is free to hold a mark. An agent gives a workload only one SVID of each hint ("Ignoring
 * entry with duplicate hint"), so that every SPIFFE ID has a hint of its own.
 *
 * @param name to tell several sets of declarations apart; empty for {@link #NOBODY}
 */
public record EntryOwner(String name) {
  /**
   * Who registers files without naming an owner, and everybody in earlier versions of this program.
   * Its mark says nothing of whose an entry is.
   */
  public static final EntryOwner NOBODY = new EntryOwner("");

  private static final String MARK = "spire-doctor";
  private static final int LONGEST = 250;
  private static final int LONGEST_NAME = 63;

  /** What a name looks like. */
  public static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private static final Pattern MARKED =
      Pattern.compile(MARK + "(?::(" + NAME.pattern() + "))?/.*", Pattern.DOTALL);

  /** Of the entries of an integration test in a namespace. */
  public static EntryOwner ofNamespace(String namespace) {
    return new EntryOwner(namespace);
  }

  /** Of the entries that a test run registers for its pod; a namespace has no dots. */
  public static EntryOwner ofRun(String namespace, String pod) {
    String name = namespace + "." + pod;
    return new EntryOwner(
        name.length() <= LONGEST_NAME ? name : shortened(name, LONGEST_NAME, name.hashCode()));
  }

  /** The owner that an entry's hint names; nothing when the hint is no mark. */
  public static Optional<EntryOwner> of(Entry entry) {
    Matcher mark = MARKED.matcher(entry.hint());
    return mark.matches()
        ? Optional.of(new EntryOwner(Optional.ofNullable(mark.group(1)).orElse("")))
        : Optional.empty();
  }

  /** {@code spire-doctor/} or {@code spire-doctor:NAME/}: with it begins every hint. */
  public String mark() {
    return MARK + (name.isEmpty() ? "" : ":" + name) + "/";
  }

  /** The hint of an entry that grants this SPIFFE ID, as {@code spire-doctor:apps/web}. */
  public String hint(String spiffeId) {
    String hint = mark() + SpiffeIds.path(spiffeId).replaceFirst("^/", "");
    return hint.length() <= LONGEST ? hint : shortened(hint, LONGEST, spiffeId.hashCode());
  }

  /** Java specifies the hash of a text, so that it is the same in every run. */
  private static String shortened(String text, int length, int hash) {
    return text.substring(0, length - 9) + "-" + String.format("%08x", hash);
  }

  /** Whether a hint is the mark of any owner, and no help to a workload that has to choose. */
  public static boolean isMark(String hint) {
    return hint.startsWith(MARK + "/") || hint.startsWith(MARK + ":");
  }

  /** Whether an entry was created for this owner. */
  public boolean made(Entry entry) {
    return entry.hint().startsWith(mark());
  }
}
