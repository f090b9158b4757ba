package org.spiredoctor.registration.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.spire.server.EntryResult;
import org.spiredoctor.spire.server.ServerException;
import org.spiredoctor.spire.server.SpireServer;

/** The entries of a server, over its API. */
public final class StoreByApi implements EntryStore {
  private static final int BATCH = 500;

  /** More are listed with all others at once. */
  private static final int FEW = 20;

  private final SpireServer api;

  /**
   * Of an open API.
   *
   * @param api that is closed with this
   */
  public StoreByApi(SpireServer api) {
    this.api = api;
  }

  private interface Question<T> {
    T ask() throws ServerException;
  }

  @Override
  public List<Entry> entries() throws StoreException {
    return asking("list the entries", api::entries);
  }

  @Override
  public List<Entry> entries(Set<String> ids) throws StoreException {
    if (ids.size() > FEW) {
      return entries().stream().filter(entry -> ids.contains(entry.id())).toList();
    }
    List<Entry> entries = new ArrayList<>();
    for (String id : ids) {
      asking("read an entry", () -> api.entry(id)).ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  @Override
  public List<Result> create(List<Entry> entries) throws StoreException {
    return results(asking("create entries", () -> api.create(entries)));
  }

  @Override
  public List<Result> update(List<EntryUpdate> updates) throws StoreException {
    return results(asking("update entries", () -> api.update(updates)));
  }

  @Override
  public List<Result> delete(List<Entry> entries) throws StoreException {
    List<String> ids = entries.stream().map(Entry::id).toList();
    return results(asking("delete entries", () -> api.delete(ids)));
  }

  private static List<Result> results(List<EntryResult> statuses) {
    return statuses.stream().map(StoreByApi::result).toList();
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
          what + ": " + e.asked(), e.answer(), e.reason() == ServerException.Reason.FORBIDDEN);
    }
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public void close() {
    api.close();
  }
}
