package org.spiredoctor.registration.server;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.registration.FieldDifference;

/** Where the entries of a SPIRE server are read and made. */
public interface EntryStore extends AutoCloseable {
  /** gRPC's code for what is there already. */
  int ALREADY_EXISTS = 6;

  /** gRPC's code for what is not there. */
  int NOT_FOUND = 5;

  /** gRPC's code for what somebody else has changed: nothing was written. */
  int ABORTED = 10;

  /**
   * What came of one change.
   *
   * @param code of gRPC; 0 when it was made
   * @param message of the server; untrusted
   * @param meanwhile how the entry differs from what it was when the change was planned, where that
   *     is why it was not made
   * @param entry as the server has it after the change; absent where its answer does not tell
   */
  record Result(int code, String message, List<FieldDifference> meanwhile, Optional<Entry> entry) {
    /** Made. */
    public static final Result OK = new Result(0, "OK");

    /** As a server answers. */
    public Result(int code, String message) {
      this(code, message, List.of(), Optional.empty());
    }

    /** The same with the entry as the server has it now. */
    Result of(Entry now) {
      return new Result(code, message, meanwhile, Optional.of(now));
    }

    /** Not made, since somebody else has changed the entry. */
    static Result changedMeanwhile(List<FieldDifference> meanwhile) {
      return new Result(ABORTED, "changed meanwhile", meanwhile, Optional.empty());
    }
  }

  /** All entries. */
  List<Entry> entries() throws StoreException;

  /**
   * The entries of these ids as they are now, without those that are gone: few of them one by one,
   * many in one listing.
   */
  List<Entry> entries(Set<String> ids) throws StoreException;

  /** Makes entries; a result for each, in order. */
  List<Result> create(List<Entry> entries) throws StoreException;

  /**
   * Updates entries, whatever they are by now ({@link GuardedWrites} looks before); a result for
   * each, in order.
   */
  List<Result> update(List<EntryUpdate> updates) throws StoreException;

  /** Deletes the entries of these ids, whatever they are by now; a result for each, in order. */
  List<Result> delete(List<Entry> entries) throws StoreException;

  /** How many are sent at once. */
  int batch();

  /** How many batches of new entries may be on their way at the same time. */
  default int batchesAtOnce() {
    return 1;
  }

  @Override
  void close();
}
