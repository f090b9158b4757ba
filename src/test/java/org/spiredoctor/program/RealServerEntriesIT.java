package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.GuardedWrites;
import org.spiredoctor.registration.server.StoreByServer;
import org.spiredoctor.registration.server.StoreException;
import org.spiredoctor.spire.server.ServerApi;

/** Entries of a real SPIRE server, created and changed over its API. */
class RealServerEntriesIT extends RealServerTestSupport {
  @ParameterizedTest
  @MethodSource("programs")
  void entriesAreRegisteredOverItsApiWithAnAliasForAnAgentByJoinToken(Program program) {
    List<String> made = new ArrayList<>();
    try {
      Run run = register(program, "--wait", "30s", "-o", "json");
      assertThat(run.code()).as("%s", run).isZero();
      Matcher ids = Pattern.compile("\"entryID\" : \"([^\"]+)\"").matcher(run.out());
      ids.results().map(found -> found.group(1)).forEach(made::add);
      assertThat(made).hasSize(4);
      assertThat(spire.server("entry", "show", "-spiffeID", "spiffe://example.org/spire-agent"))
          .contains(
              "Selector                : spiffe_id:spiffe://example.org/spire/agent/join_token/");
      Run again = register(program, "--dry-run", "--detailed-exitcode");
      assertThat(again.code()).as("%s", again).isZero();
      // Now a batch of each kind: another account, and nothing of the usual owner.
      Run changed = register(program, "--service-account", "other");
      assertThat(changed.code()).as("%s", changed).isZero();
      assertThat(changed.out()).contains("✅ updated").doesNotContain("✅ created");
    } finally {
      made.forEach(
          id -> {
            String _ = spire.server("entry", "delete", "-entryID", id);
          });
    }
  }

  private static Run register(Program program, String... arguments) {
    String[] all =
        Stream.concat(
                Stream.of("register", "--server-socket", spire.serverSocket()),
                Stream.of(arguments))
            .toArray(String[]::new);
    return program.start(Map.of("KUBECONFIG", "/nonexistent/kubeconfig"), all).end();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void twoEntriesThatGrantTheSameAreFoundWithoutACluster(Program program) {
    spire.entry("spiffe://example.org/twice", "-hint", "a");
    spire.entry("spiffe://example.org/once", "-hint", "b");
    List<String> ids =
        Stream.of("twice", "once")
            .map(name -> spire.server("entry", "show", "-spiffeID", "spiffe://example.org/" + name))
            .flatMap(String::lines)
            .filter(line -> line.startsWith("Entry ID"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .toList();
    try {
      // Only an update makes two that are alike.
      String selector =
          spire
              .server("entry", "show", "-spiffeID", "spiffe://example.org/once")
              .lines()
              .filter(line -> line.startsWith("Selector"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElseThrow();
      String _ =
          spire.server(
              "entry",
              "update",
              "-entryID",
              ids.get(1),
              "-spiffeID",
              "spiffe://example.org/twice",
              "-parentID",
              "spiffe://example.org/node",
              "-selector",
              selector);
      Run run = check(program, "--server-socket", spire.serverSocket());
      assertThat(run.out())
          .contains("entry-duplicate")
          .contains("spire-server entry delete \\\n", "-entryID ")
          .contains("-socketPath " + spire.serverSocket());
      assertThat(run.code()).isEqualTo(3);
    } finally {
      ids.forEach(
          id -> {
            String _ = spire.server("entry", "delete", "-entryID", id);
          });
    }
  }

  /** Somebody makes an entry an admin's between the look at it and its change. */
  @Test
  void whatWasChangedMeanwhileStaysAndWhatIsNotMeantIsNotSent() throws StoreException {
    String spiffeId = "spiffe://example.org/guarded";
    Set<Selector> selectors = Set.of(Selector.k8s("ns:a"));
    Set<Selector> others = Set.of(Selector.k8s("ns:b"));
    try (EntryStore store =
        new StoreByServer(ServerApi.local(Path.of(spire.serverSocket()), Duration.ofSeconds(10)))) {
      GuardedWrites guarded = new GuardedWrites(store);
      List<EntryStore.Result> made =
          store.create(List.of(Entry.of(spiffeId, "spiffe://example.org/node", selectors)));
      assertThat(made).extracting(EntryStore.Result::code).containsExactly(0);
      Entry seen = entry(store, spiffeId);
      // The answer has all of it: it is not read back.
      assertThat(made.getFirst().entry()).contains(seen);
      String _ =
          spire.server(
              "entry",
              "update",
              "-entryID",
              seen.id(),
              "-spiffeID",
              spiffeId,
              "-parentID",
              "spiffe://example.org/node",
              "-selector",
              "k8s:ns:a",
              "-admin");
      EntryUpdate update = new EntryUpdate(seen, seen.moved(seen.parentId(), others));
      EntryStore.Result left = guarded.update(List.of(update)).getFirst();
      assertThat(left.code()).isEqualTo(EntryStore.ABORTED);
      assertThat(left.meanwhile())
          .containsExactly(new FieldDifference("admin", List.of("false"), List.of("true")));
      assertThat(guarded.delete(List.of(seen)).getFirst().code()).isEqualTo(EntryStore.ABORTED);
      Entry now = entry(store, spiffeId);
      assertThat(now.selectors()).isEqualTo(selectors);
      assertThat(now.revision()).isEqualTo(seen.revision() + 1);
      // Even an update that looks away sends the selectors, and nothing else.
      assertThat(store.update(List.of(update)).getFirst().code()).isZero();
      Entry moved = entry(store, spiffeId);
      assertThat(moved.selectors()).isEqualTo(others);
      assertThat(moved.settings().admin()).isTrue();
      assertThat(guarded.delete(List.of(moved)).getFirst().code()).isZero();
      assertThat(store.entries(Set.of(seen.id()))).isEmpty();
      assertThat(guarded.delete(List.of(moved)).getFirst().code()).isEqualTo(EntryStore.NOT_FOUND);
    }
  }

  private static Entry entry(EntryStore store, String spiffeId) throws StoreException {
    return store.entries().stream()
        .filter(entry -> entry.spiffeId().equals(spiffeId))
        .findFirst()
        .orElseThrow();
  }
}
