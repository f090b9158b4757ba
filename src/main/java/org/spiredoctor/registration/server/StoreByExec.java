package org.spiredoctor.registration.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.spiredoctor.evidence.cluster.EntryFlags;
import org.spiredoctor.evidence.cluster.EntryResult;
import org.spiredoctor.evidence.cluster.ServerCli;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/**
 * The entries of a server, by its own program in its pod. Where the API server can close a
 * program's standard input (Kubernetes 1.30 and later), many are sent at once; else one after the
 * other. An update by this program replaces the whole entry: fields that it has no flag for are
 * lost.
 */
public final class StoreByExec implements EntryStore {
  private static final int BATCH = 500;

  /** More are listed with all others at once. */
  private static final int FEW = 3;

  private final KubeApi api;
  private final ServerCli cli;
  private final boolean many;

  /**
   * Of a program in a pod.
   *
   * @param api that is closed with this
   */
  public StoreByExec(KubeApi api, ServerProgram program) {
    this(api, program, closesInput(api));
  }

  /**
   * The same where it is known already whether many can be sent at once.
   *
   * @param many as {@link #closesInput} tells
   */
  public StoreByExec(KubeApi api, ServerProgram program, boolean many) {
    this.api = api;
    this.cli = new ServerCli(api, program, _ -> {});
    this.many = many;
  }

  /** Whether many can be sent at once. */
  public static boolean closesInput(KubeApi api) {
    try {
      return api.closesInput();
    } catch (KubeException e) {
      // Who may not ask for the version goes the way that is always open.
      return false;
    }
  }

  @Override
  public List<Entry> entries() throws StoreException {
    return asking("list the entries", cli::entries);
  }

  @Override
  public List<Entry> entries(Set<String> ids) throws StoreException {
    if (ids.size() > FEW) {
      return entries().stream().filter(entry -> ids.contains(entry.id())).toList();
    }
    List<Entry> entries = new ArrayList<>();
    for (String id : ids) {
      asking("read an entry", () -> cli.entry(id)).ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  @Override
  public List<Result> create(List<Entry> entries) throws StoreException {
    String[] words = {"entry", "create", "-data", "-"};
    return change(many, "create entries", words, entries, StoreByExec::creating, Entry::key);
  }

  private static List<String> creating(Entry entry) {
    List<String> words = new ArrayList<>(EntryFlags.create(entry));
    if (!entry.id().isEmpty()) {
      words.addAll(List.of("-entryID", entry.id()));
    }
    return words;
  }

  @Override
  public List<Result> update(List<EntryUpdate> updates) throws StoreException {
    List<Entry> entries = updates.stream().map(EntryUpdate::meant).toList();
    String[] words = {"entry", "update", "-data", "-"};
    return change(many, "update entries", words, entries, EntryFlags::update, Entry::id);
  }

  @Override
  public List<Result> delete(List<Entry> entries) throws StoreException {
    String[] words = {"entry", "delete", "-file", "-"};
    Function<Entry, List<String>> alone = e -> List.of("entry", "delete", "-entryID", e.id());
    try {
      return change(many, "delete entries", words, entries, alone, Entry::id);
    } catch (StoreException e) {
      // Servers have not always had -file.
      if (many && e.answer().contains("flag provided but not defined")) {
        return change(false, "delete entries", words, entries, alone, Entry::id);
      }
      throw e;
    }
  }

  private List<Result> change(
      boolean atOnce,
      String what,
      String[] words,
      List<Entry> entries,
      Function<Entry, List<String>> alone,
      Function<Entry, Object> key)
      throws StoreException {
    Map<Object, EntryResult> results = new HashMap<>();
    if (atOnce) {
      byte[] input = words[1].equals("delete") ? EntriesJson.ids(entries) : EntriesJson.of(entries);
      asking(what, () -> cli.change(List.of(words), input))
          .forEach(result -> results.put(key.apply(result.entry()), result));
    } else {
      for (Entry entry : entries) {
        asking(what, () -> cli.change(alone.apply(entry)))
            .forEach(result -> results.put(key.apply(entry), result));
      }
    }
    List<Result> all = new ArrayList<>();
    for (Entry entry : entries) {
      EntryResult one = results.get(key.apply(entry));
      all.add(one == null ? new Result(2, "spire-server said nothing of it") : result(one));
    }
    return all;
  }

  private static Result result(EntryResult said) {
    Result result = new Result(said.code(), said.message());
    // Of one that was not created it repeats what was sent.
    return said.entry().createdAt().isPresent() ? result.of(said.entry()) : result;
  }

  private interface Question<T> {
    T ask() throws KubeException, IOException;
  }

  private static <T> T asking(String what, Question<T> question) throws StoreException {
    try {
      return question.ask();
    } catch (KubeException e) {
      throw new StoreException(
          what + ": " + e.asked(), e.answer(), e.reason() == KubeException.Reason.FORBIDDEN);
    } catch (IOException e) {
      throw new StoreException(what, String.valueOf(e.getMessage()), false);
    }
  }

  @Override
  public int batch() {
    return many ? BATCH : 1;
  }

  @Override
  public int batchesAtOnce() {
    return many ? 2 : 1;
  }

  @Override
  public void close() {
    api.close();
  }
}
