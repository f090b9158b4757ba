package org.spiredoctor.spire.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;

/**
 * A SPIRE server by its own program. Where the program can see the end of its standard input, many
 * entries are sent at once; else one after the other.
 */
public final class ServerCli implements SpireServer {
  private static final Capacity MANY = new Capacity(500, 2, 3);
  private static final Capacity ONE = new Capacity(1, 1, 3);

  /** No server has it. */
  private static final String NO_ENTRY = "00000000-0000-0000-0000-000000000000";

  private final ServerContainer container;
  private final UnaryOperator<String> redaction;
  private final ProgramRunner program;
  private final Consumer<String> progress;

  /**
   * In a container that is running.
   *
   * @param container that is closed with this
   * @param redaction takes secrets out of what was printed
   * @param progress is told what takes long
   */
  public ServerCli(
      ServerContainer container, UnaryOperator<String> redaction, Consumer<String> progress) {
    this.container = container;
    this.redaction = redaction;
    this.program = new ProgramRunner(container, redaction);
    this.progress = progress;
  }

  private ServerJson json() {
    return new ServerJson(redaction);
  }

  private ServerTrustJson trust() {
    return new ServerTrustJson(redaction);
  }

  @Override
  public Capacity capacity() {
    return container.endsInput() ? MANY : ONE;
  }

  @Override
  public List<Entry> entries() throws ServerException {
    return list(List.of("entry", "show"), "entries", json()::entries);
  }

  @Override
  public List<Agent> agents() throws ServerException {
    return list(List.of("agent", "list"), "agents", json()::agents);
  }

  @Override
  public Optional<Entry> entry(String id) throws ServerException {
    try {
      return json(List.of("entry", "show", "-entryID", id), json()::entries).stream().findFirst();
    } catch (ServerException e) {
      // The program has no exit code of its own for it.
      if (e.asked().isEmpty() && e.answer().contains("code = NotFound")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public TrustBundle bundle() throws ServerException {
    return json(List.of("bundle", "show"), trust()::bundle);
  }

  @Override
  public List<TrustBundle> federatedBundles() throws ServerException {
    return json(List.of("bundle", "list"), trust()::bundles);
  }

  @Override
  public List<FederationRelationship> federationRelationships() throws ServerException {
    return json(List.of("federation", "list"), trust()::relationships);
  }

  @Override
  public String health() throws ServerException {
    return redaction.apply(
        run(
            List.of("healthcheck"),
            in -> new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()));
  }

  @Override
  public String version() throws ServerException {
    return program.version();
  }

  /** Releases before 1.15 have no such command. */
  @Override
  public ServerInfo info() throws ServerException {
    return json(List.of("debug", "getinfo"), trust()::info);
  }

  @Override
  public List<EntryResult> create(List<Entry> entries) throws ServerException {
    return change(container.endsInput(), EntryCommand.CREATE, entries);
  }

  /** Replaces whole entries: fields that the program has no flag for are lost. */
  @Override
  public List<EntryResult> update(List<EntryUpdate> updates) throws ServerException {
    return change(
        container.endsInput(),
        EntryCommand.UPDATE,
        updates.stream().map(EntryUpdate::meant).toList());
  }

  @Override
  public List<EntryResult> delete(List<String> ids) throws ServerException {
    try {
      return change(container.endsInput(), EntryCommand.DELETE, ids);
    } catch (ServerException e) {
      // Servers have not always had -file.
      if (container.endsInput() && e.answer().contains("flag provided but not defined")) {
        return change(false, EntryCommand.DELETE, ids);
      }
      throw e;
    }
  }

  private <T> List<EntryResult> change(boolean atOnce, EntryCommand<T> command, List<T> all)
      throws ServerException {
    Map<Object, PrintedResult> results = new HashMap<>();
    if (atOnce) {
      results(command.many(), Optional.of(command.input().apply(all)))
          .forEach(result -> results.put(command.printed().apply(result.entry()), result));
    } else {
      for (T one : all) {
        results(command.one().apply(one), Optional.empty())
            .forEach(result -> results.put(command.key().apply(one), result));
      }
    }
    return all.stream().map(one -> result(results.get(command.key().apply(one)))).toList();
  }

  private static EntryResult result(@Nullable PrintedResult said) {
    return said == null
        ? new EntryResult(2, "spire-server said nothing of it", Optional.empty())
        : new EntryResult(
            said.code(),
            said.message(),
            // Of one that was not created it repeats what was sent.
            Optional.of(said.entry()).filter(entry -> entry.createdAt().isPresent()));
  }

  /** In text it tells by its exit code that one failed, but not which. */
  private List<PrintedResult> results(List<String> words, Optional<byte[]> input)
      throws ServerException {
    return program.run(
        inJson(words), input, ProgramRunner.CHANGES, Optional.empty(), json()::results);
  }

  private static List<String> inJson(List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("-output", "json"));
    return all;
  }

  private <T> T json(List<String> words, ProgramRunner.Reader<T> reader) throws ServerException {
    return run(inJson(words), reader);
  }

  private <T> T run(List<String> words, ProgramRunner.Reader<T> reader) throws ServerException {
    return program.run(words, Optional.empty(), ProgramRunner.ANSWER, Optional.empty(), reader);
  }

  /**
   * Of what there may be very many: it prints nothing until it has read all that it lists, and a
   * hundred thousand entries take many seconds.
   */
  private <T> T list(List<String> words, String what, ProgramRunner.Reader<T> reader)
      throws ServerException {
    BooleanSupplier alive = () -> answers(what);
    return program.run(
        inJson(words), Optional.empty(), ProgramRunner.LISTING, Optional.of(alive), reader);
  }

  /** Whether the server and its datastore answer, while its program has printed nothing. */
  private boolean answers(String what) {
    try {
      var _ = entry(NO_ENTRY);
      progress.accept("Waiting for the SPIRE server to list its " + what + "...");
      return true;
    } catch (ServerException e) {
      return false;
    }
  }

  @Override
  public void close() {
    container.close();
  }
}
