package org.spiredoctor.registration.server;

import java.util.List;
import org.spiredoctor.identity.Entry;

/** Where the entries of a SPIRE server are read and made. */
public interface EntryStore extends AutoCloseable {
  /** gRPC's code for what is there already. */
  int ALREADY_EXISTS = 6;

  /** gRPC's code for what is not there. */
  int NOT_FOUND = 5;

  /**
   * What came of one change.
   *
   * @param code of gRPC; 0 when it was made
   * @param message of the server; untrusted
   */
  record Result(int code, String message) {
    /** Made. */
    public static final Result OK = new Result(0, "OK");
  }

  /** All entries. */
  List<Entry> entries() throws StoreException;

  /** Makes entries; a result for each, in order. */
  List<Result> create(List<Entry> entries) throws StoreException;

  /** Makes the entries of these ids what these are; a result for each, in order. */
  List<Result> update(List<Entry> entries) throws StoreException;

  /** Deletes the entries of these ids; a result for each, in order. */
  List<Result> delete(List<Entry> entries) throws StoreException;

  /** How many are sent at once. */
  int batch();

  @Override
  void close();
}
