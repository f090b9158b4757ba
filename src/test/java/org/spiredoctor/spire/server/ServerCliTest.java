package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.spire.server.FakeContainer.Printed;
import org.spiredoctor.spire.server.ServerException.Reason;

class ServerCliTest {
  private static final Entry WEB =
      Entry.of("spiffe://example.org/web", "spiffe://example.org/agent", Set.of(ns("web")));
  private static final Entry DB =
      Entry.of("spiffe://example.org/db", "spiffe://example.org/agent", Set.of(ns("db")));

  private static Selector ns(String name) {
    return new Selector("k8s", "ns:" + name);
  }

  private static ServerException refusal(ThrowingCallable asking) {
    return catchThrowableOfType(ServerException.class, asking);
  }

  /** As 1.15.3 prints it. */
  private static String printed(String name, int code, String message, String more) {
    return """
        {"status":{"code":%d,"message":"%s"},"entry":{%s
         "parent_id":{"path":"/agent","trust_domain":"example.org"},
         "selectors":[{"type":"k8s","value":"ns:%s"}],
         "spiffe_id":{"path":"/%s","trust_domain":"example.org"}}}"""
        .formatted(code, message, more, name, name);
  }

  private static Printed results(String... all) {
    return Printed.json("{\"results\":[" + String.join(",", all) + "]}");
  }

  @Test
  void manyEntriesAreSentAtOnce() throws ServerException {
    FakeContainer container =
        new FakeContainer(
            true,
            _ ->
                results(
                    printed("db", 6, "similar entry, secret", ""),
                    printed("web", 0, "OK", "\"id\":\"e1\",\"created_at\":\"1795836862\",")));
    List<EntryResult> said = container.server().create(List.of(WEB, DB));
    assertThat(container.commands).containsExactly("entry create -data - -output json");
    assertThat(container.inputs)
        .containsExactly(new String(EntriesJson.of(List.of(WEB, DB)), StandardCharsets.UTF_8));
    assertThat(said).extracting(EntryResult::code).containsExactly(0, 6);
    assertThat(said.getFirst().entry().map(Entry::id)).contains("e1");
    // Of what was not created it repeats what was sent.
    assertThat(said.getLast())
        .isEqualTo(new EntryResult(6, "similar entry, ***", Optional.empty()));
    assertThat(container.server().capacity().batch()).isEqualTo(500);
  }

  @Test
  void entriesAreSentOneByOneWhereNoInputEnds() throws ServerException {
    FakeContainer container =
        new FakeContainer(
            false,
            command -> command.contains("/db") ? results() : results(printed("web", 0, "OK", "")));
    List<EntryResult> said = container.server().create(List.of(WEB.named("e1", ""), DB));
    assertThat(container.commands)
        .containsExactly(
            "entry create -spiffeID spiffe://example.org/web -parentID spiffe://example.org/agent"
                + " -selector k8s:ns:web -entryID e1 -output json",
            "entry create -spiffeID spiffe://example.org/db -parentID spiffe://example.org/agent"
                + " -selector k8s:ns:db -output json");
    assertThat(container.inputs).isEmpty();
    assertThat(said)
        .containsExactly(
            new EntryResult(0, "OK"), new EntryResult(2, "spire-server said nothing of it"));
    assertThat(container.server().capacity().batch()).isEqualTo(1);
  }

  /** Servers have not always had {@code -file}. */
  @Test
  void entriesAreDeletedOneByOneWhereTheProgramReadsNoIds() throws ServerException {
    FakeContainer container =
        new FakeContainer(
            true,
            command ->
                command.contains("-file")
                    ? Printed.failure("flag provided but not defined: -file")
                    : results("{\"status\":{\"code\":0,\"message\":\"OK\"},\"id\":\"e\"}"));
    assertThat(container.server().delete(List.of("e1", "e2")))
        .containsExactly(new EntryResult(0, "OK"), new EntryResult(0, "OK"));
    assertThat(container.commands)
        .containsExactly(
            "entry delete -file - -output json",
            "entry delete -entryID e1 -output json",
            "entry delete -entryID e2 -output json");
  }

  @Test
  void anEntryThatIsGoneIsNone() throws ServerException {
    FakeContainer container =
        new FakeContainer(
            true, _ -> Printed.failure("Error: rpc error: code = NotFound desc = not found"));
    assertThat(container.server().entry("e1")).isEmpty();
    assertThat(container.commands).containsExactly("entry show -entryID e1 -output json");
  }

  @Test
  void whatFailsNamesItsCommand() {
    FakeContainer container =
        new FakeContainer(true, _ -> Printed.failure("Error: connection refused"));
    ServerException failed = refusal(container.server()::bundle);
    assertThat(failed.reason()).isEqualTo(Reason.FAILED);
    assertThat(failed.asked()).isEmpty();
    assertThat(failed.answer())
        .isEqualTo("spire-server bundle show -output json: Error: connection refused");
  }

  @Test
  void whatCannotBeReadIsToldWithoutSecrets() {
    FakeContainer container = new FakeContainer(true, _ -> Printed.json("secret"));
    assertThat(refusal(container.server()::entries).answer())
        .startsWith("spire-server entry show -output json: ")
        .contains("***")
        .doesNotContain("secret");
  }

  @Test
  void theReleaseIsPrintedOnEitherOutput() throws ServerException {
    assertThat(new FakeContainer(true, _ -> new Printed("", "1.15.3", 0)).server().version())
        .isEqualTo("1.15.3");
    assertThat(new FakeContainer(true, _ -> new Printed("1.9.0\n", "", 0)).server().version())
        .isEqualTo("1.9.0");
  }

  /** As 1.9.0 and 1.13.0 answer {@code debug getinfo}. */
  @Test
  void aUsageTextSaysThatThereIsNoSuchCommand() {
    String usage =
        """
        Usage: spire-server [--version] [--help] <command> [<args>]

        Available commands are:
            agent               \s
            healthcheck          Determines server health status
        """;
    assertThat(ProgramRunner.reason(usage))
        .isEqualTo("this release of spire-server has no such command");
  }

  @Test
  void whatElseItComplainsOfIsQuoted() {
    String usage = "flag provided but not defined: -output\nUsage of entry show:";
    assertThat(ProgramRunner.reason(usage)).isEqualTo(usage);
    assertThat(ProgramRunner.reason("Error: connection refused"))
        .isEqualTo("Error: connection refused");
  }
}
