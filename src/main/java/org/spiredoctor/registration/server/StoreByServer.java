package org.spiredoctor.registration.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.spire.server.EntryResult;
import org.spiredoctor.spire.server.ServerException;
import org.spiredoctor.spire.server.SpireServer;

/** The entries of a server itself. */
public final class StoreByServer implements EntryStore {
  private final SpireServer server;

  /**
   * Of a server, whichever way leads to it.
   *
   * @param server that is closed with this
   */
  public StoreByServer(SpireServer server) {
    this.server = server;
  }

  private interface Question<T> {
    T ask() throws ServerException;
  }

  @Override
  public List<Entry> entries() throws StoreException {
    return asking("list the entries", server::entries);
  }

  @Override
  public List<Entry> entries(Set<String> ids) throws StoreException {
    if (ids.size() > server.capacity().single()) {
      return entries().stream().filter(entry -> ids.contains(entry.id())).toList();
    }
    List<Entry> entries = new ArrayList<>();
    for (String id : ids) {
      asking("read an entry", () -> server.entry(id)).ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  @Override
  public List<Result> create(List<Entry> entries) throws StoreException {
    return results(asking("create entries", () -> server.create(entries)));
  }

  @Override
  public List<Result> update(List<EntryUpdate> updates) throws StoreException {
    return results(asking("update entries", () -> server.update(updates)));
  }

  @Override
  public List<Result> delete(List<Entry> entries) throws StoreException {
    List<String> ids = entries.stream().map(Entry::id).toList();
    return results(asking("delete entries", () -> server.delete(ids)));
  }

  private static List<Result> results(List<EntryResult> statuses) {
    return statuses.stream().map(StoreByServer::result).toList();
  }

  private static Result result(EntryResult said) {
    Result result = new Result(said.code(), said.message());
    return said.entry().map(result::of).orElse(result);
  }

  private static <T> T asking(String what, Question<T> question) throws StoreException {
    try {
      return question.ask();
    } catch (ServerException e) {
      throw new StoreException(
          e.asked().isEmpty() ? what : what + ": " + e.asked(),
          e.answer(),
          e.reason() == ServerException.Reason.FORBIDDEN);
    }
  }

  @Override
  public int batch() {
    return server.capacity().batch();
  }

  @Override
  public int batchesAtOnce() {
    return server.capacity().batchesAtOnce();
  }

  @Override
  public void close() {
    server.close();
  }
}
