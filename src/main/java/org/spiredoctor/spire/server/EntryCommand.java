package org.spiredoctor.spire.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.spiredoctor.identity.Entry;

/**
 * A command of {@code spire-server} that changes entries.
 *
 * @param <T> what is said of an entry: all of it, or only its id
 * @param many its words where it reads many entries from its standard input
 * @param input what it reads then
 * @param one its words for one entry
 * @param key what tells an entry from the others
 * @param printed the same of an entry that it prints
 */
record EntryCommand<T>(
    List<String> many,
    Function<List<T>, byte[]> input,
    Function<T, List<String>> one,
    Function<T, Object> key,
    Function<Entry, Object> printed) {

  static final EntryCommand<Entry> CREATE =
      new EntryCommand<>(
          List.of("entry", "create", "-data", "-"),
          EntriesJson::of,
          EntryCommand::create,
          Entry::key,
          Entry::key);

  /** Replaces the whole entry: fields that the program has no flag for are lost. */
  static final EntryCommand<Entry> UPDATE =
      new EntryCommand<>(
          List.of("entry", "update", "-data", "-"),
          EntriesJson::of,
          EntryWords::update,
          Entry::id,
          Entry::id);

  static final EntryCommand<String> DELETE =
      new EntryCommand<>(
          List.of("entry", "delete", "-file", "-"),
          EntriesJson::ids,
          id -> List.of("entry", "delete", "-entryID", id),
          id -> id,
          Entry::id);

  private static List<String> create(Entry entry) {
    List<String> words = new ArrayList<>(EntryWords.create(entry));
    if (!entry.id().isEmpty()) {
      words.addAll(List.of("-entryID", entry.id()));
    }
    return words;
  }
}
