package org.spiredoctor.registration.server;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.spire.server.EntryStatus;
import org.spiredoctor.spire.server.ServerApi;
import org.spiredoctor.spire.server.ServerApiException;

/** The entries of a server, over its API. */
public final class StoreByApi implements EntryStore {
  private static final int BATCH = 500;

  /** More are listed with all others at once. */
  private static final int FEW = 20;

  private final ServerApi api;

  /**
   * Of an open API.
   *
   * @param api that is closed with this
   */
  public StoreByApi(ServerApi api) {
    this.api = api;
  }

  private interface Question<T> {
    T ask() throws ServerApiException;
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

  private static List<Result> results(List<EntryStatus> statuses) {
    return statuses.stream().map(StoreByApi::result).toList();
  }

  private static Result result(EntryStatus said) {
    Result result = new Result(said.code(), said.message());
    return said.entry().filter(entry -> !entry.id().isEmpty()).map(result::of).orElse(result);
  }

  private static <T> T asking(String what, Question<T> question) throws StoreException {
    try {
      return question.ask();
    } catch (ServerApiException e) {
      boolean refused =
          e.code() == Status.Code.PERMISSION_DENIED || e.code() == Status.Code.UNAUTHENTICATED;
      throw new StoreException(what + ": " + e.asked(), e.answer(), refused);
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
