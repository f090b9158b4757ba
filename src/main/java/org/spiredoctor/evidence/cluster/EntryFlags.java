package org.spiredoctor.evidence.cluster;

import java.util.List;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.spire.server.EntryWords;

/** The commands that change an entry, for findings to print: they know nothing of what is run. */
public final class EntryFlags {
  private EntryFlags() {}

  /** Creates it. */
  public static List<String> create(Entry entry) {
    return EntryWords.create(entry);
  }

  /** Makes the entry of its id what it is. */
  public static List<String> update(Entry entry) {
    return EntryWords.update(entry);
  }
}
