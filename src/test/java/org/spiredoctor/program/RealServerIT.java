package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.GuardedWrites;
import org.spiredoctor.registration.server.StoreByApi;
import org.spiredoctor.registration.server.StoreException;
import org.spiredoctor.spire.server.ServerApi;

/** The program asks a real SPIRE server over its API, and there is no cluster. */
class RealServerIT {
  private static final String ADMIN = "spiffe://example.org/admin";
  private static final String WEB = "spiffe://example.org/web";

  @TempDir private static Path directory;
  private static RealSpire spire;

  static List<Program> programs() {
    return Program.all();
  }

  @BeforeAll
  static void start() throws IOException {
    Assume.that(
        RealSpire.installed(), "tests against a real SPIRE", "spire-server, spire-agent on PATH");
    spire = RealSpire.start(directory);
    spire.entry(WEB, "-dns", "web.test", "-x509SVIDTTL", "600");
    String _ =
        spire.server(
            "federation",
            "create",
            "-trustDomain",
            "other.org",
            "-bundleEndpointURL",
            "https://other.org/bundle",
            "-bundleEndpointProfile",
            "https_spiffe",
            "-endpointSpiffeID",
            "spiffe://other.org/bundle");
  }

  @AfterAll
  static void stop() {
    if (spire != null) {
      spire.close();
    }
  }

  /** Without a kubeconfig. */
  private static Run check(Program program, String... arguments) {
    String[] all = Stream.concat(Stream.of("check"), Stream.of(arguments)).toArray(String[]::new);
    return program
        .start(
            Map.of(
                "SPIFFE_ENDPOINT_SOCKET",
                "unix://" + spire.socket(),
                "KUBECONFIG",
                "/nonexistent/kubeconfig"),
            all)
        .end();
  }

  private static void allIsTold(Run run) {
    assertThat(run.out())
        .contains("✓ server ")
        .contains("✓ attested one agent")
        .contains("example.org, number ")
        .contains("other.org from https://other.org/bundle as spiffe://other.org/bundle")
        // Nobody saw a pod: this is not healthy.
        .contains("- pods     not seen")
        .contains("Not everything could be told");
    assertThat(run.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void onItsSocket(Program program) {
    Run run = check(program, "--server-socket", spire.serverSocket(), "-v");
    allIsTold(run);
    assertThat(run.out())
        .contains("by its socket " + spire.serverSocket())
        .contains("SERVING")
        .contains("as spiffe://example.org/spire/server, its SVID expires at ");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void overTheNetworkAsAnAdministratorWhoseSvidIsInFiles(Program program) {
    String _ = spire.server("x509", "mint", "-spiffeID", ADMIN, "-write", directory.toString());
    // SPIRE takes for an administrator whoever an entry says is one, whatever minted its SVID.
    String id = administrator();
    try {
      Run run =
          check(
              program,
              "--server-address",
              spire.serverAddress(),
              "--svid",
              directory.resolve("svid.pem").toString(),
              "--svid-key",
              directory.resolve("key.pem").toString(),
              "--bundle",
              directory.resolve("bundle.pem").toString(),
              "-v");
      allIsTold(run);
      assertThat(run.out()).contains("by " + spire.serverAddress() + " as " + ADMIN);
    } finally {
      String _ = spire.server("entry", "delete", "-entryID", id);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void overTheNetworkAsWhoeverTheAgentSays(Program program) {
    waitFor(program, WEB);
    // Of an entry that is gone the agent serves the SVID for some seconds more.
    Until.holds(
        () ->
            check(program, "--server-address", spire.serverAddress())
                .out()
                .contains(WEB + " is no administrator there"),
        Duration.ofSeconds(60));
    Run refused = check(program, "--server-address", spire.serverAddress());
    assertThat(refused.out())
        .contains("PermissionDenied: authorization denied for method")
        .contains(WEB + " is no administrator there")
        .contains("an entry with -admin makes it");
    assertThat(refused.code()).isEqualTo(3);

    String id = administrator();
    try {
      waitFor(program, ADMIN);
      // The agent gives two identities now; the one that may ask is found.
      Run run = check(program, "--server-address", spire.serverAddress(), "-v");
      allIsTold(run);
      assertThat(run.out()).contains("by " + spire.serverAddress() + " as " + ADMIN);
    } finally {
      String _ = spire.server("entry", "delete", "-entryID", id);
    }
  }

  /** Makes an administrator's entry; its id. */
  private static String administrator() {
    spire.entry(ADMIN, "-admin");
    return spire
        .server("entry", "show", "-spiffeID", ADMIN)
        .lines()
        .filter(line -> line.startsWith("Entry ID"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  private static void waitFor(Program program, String id) {
    Run run =
        program
            .start(
                Map.of("SPIFFE_ENDPOINT_SOCKET", "unix://" + spire.socket()),
                "wait",
                "--for",
                "identity=" + id)
            .end();
    assertThat(run.code()).as("%s", run).isZero();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theServerOfAnotherTrustDomainIsRefused(Program program) {
    waitFor(program, WEB);
    Run run =
        check(program, "--server-address", spire.serverAddress(), "--trust-domain", "other.org");
    assertThat(run.out())
        .contains("✗ server-unreachable")
        .contains("spiffe://other.org/spire/server")
        .doesNotContain("✓ server");
    assertThat(run.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aServerThatSaysNothingIsLeftInTime(Program program) throws IOException {
    waitFor(program, WEB);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long began = System.nanoTime();
      Run run = check(program, "--server-address", "127.0.0.1:" + silent.getLocalPort());
      assertThat(run.out()).contains("✗ server-unreachable");
      assertThat(run.code()).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void whatWasSeenCanBeKeptAndCheckedElsewhere(Program program) {
    String file = directory.resolve("evidence-" + program + ".json.gz").toString();
    Run kept = program.run("bundle", file, "--server-socket", spire.serverSocket());
    assertThat(kept.code()).as("%s", kept).isZero();
    Run run = program.run("check", "--from", file, "-v");
    allIsTold(run);
  }

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
        new StoreByApi(ServerApi.local(Path.of(spire.serverSocket()), Duration.ofSeconds(10)))) {
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
