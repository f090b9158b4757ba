package org.spiredoctor.spire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;
import org.spiredoctor.spire.Ending.Kind;

/** The client against a simulated agent, over a real Unix socket. */
class WorkloadApiTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path directory;

  /** The first answer, or the ending. */
  private CallEvent call(Path socket, Request request, Duration limit) throws InterruptedException {
    // A queue of its own: a unary call ends right after its answer, perhaps before it is closed.
    BlockingQueue<CallEvent> events = new LinkedBlockingQueue<>();
    try (WorkloadApi api = new WorkloadApi(new Endpoint.Unix(socket));
        Call _ = api.start(request, limit, events::add)) {
      CallEvent event = next(events);
      return event instanceof CallEvent.Connected ? next(events) : event;
    }
  }

  private static CallEvent next(BlockingQueue<CallEvent> events) throws InterruptedException {
    return Objects.requireNonNull(events.poll(20, TimeUnit.SECONDS), "no event in 20 s");
  }

  private CallEvent call(Fault fault, Request request, Duration limit) throws InterruptedException {
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), fault)) {
      return call(agent.socket(), request, limit);
    }
  }

  private Answer answer(Fault fault, Request request) throws InterruptedException {
    return ((CallEvent.Answered) call(fault, request, LIMIT)).answer();
  }

  private X509SvidFacts svid(Fault fault) throws InterruptedException {
    return ((Answer.X509Svids) answer(fault, new Request.X509Svids())).svids().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_IDENTITY, NO_IDENTITY",
    "ATTESTATION_FAILED, ATTESTATION_FAILED",
    "RATE_LIMITED, RATE_LIMITED",
    "HEADER_MISSING, HEADER_MISSING",
    "CALLER_CHANGED, CALLER_CHANGED",
    "DUPLICATE_CONTAINER, DUPLICATE_CONTAINER",
    "INTERNAL, OTHER",
    "UNIMPLEMENTED, UNIMPLEMENTED",
    "ENDS_EARLY, BROKEN_OFF",
    "RESET, BROKEN_OFF",
    "GARBAGE, NOT_GRPC",
    "HANG_UP, HUNG_UP",
    "ENORMOUS_BUNDLE, TOO_LARGE"
  })
  void endings(Fault fault, Kind kind) throws InterruptedException {
    CallEvent event = call(fault, new Request.X509Svids(), LIMIT);
    assertThat(event).isInstanceOf(CallEvent.Ended.class);
    Ending ending = ((CallEvent.Ended) event).ending();
    assertThat(ending.kind()).as("%s", ending).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"SILENT, SILENT", "NO_ANSWER, PENDING"})
  void aDeadlineEndsEveryCall(Fault fault, Kind kind) throws InterruptedException {
    CallEvent event = call(fault, new Request.X509Svids(), Duration.ofMillis(300));
    Ending ending = ((CallEvent.Ended) event).ending();
    assertThat(ending.kind()).as("%s", ending).isEqualTo(kind);
    assertThat(ending.timedOut()).isTrue();
  }

  @Test
  void nothingThere() throws InterruptedException {
    CallEvent event = call(directory.resolve("none.sock"), new Request.X509Bundles(), LIMIT);
    assertThat(((CallEvent.Ended) event).ending().kind()).isEqualTo(Kind.ABSENT);
  }

  @Test
  void aStaleSocket() throws InterruptedException {
    SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.SILENT);
    agent.close();
    CallEvent event = call(agent.socket(), new Request.X509Bundles(), LIMIT);
    assertThat(((CallEvent.Ended) event).ending().kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void aGoodSvid() throws InterruptedException {
    X509SvidFacts svid = svid(Fault.NONE);
    assertThat(svid.id()).isEqualTo("spiffe://example.org/integration-test");
    assertThat(svid.malformed()).isEmpty();
    assertThat(svid.untrusted()).isEmpty();
    assertThat(svid.validity()).isPresent();
  }

  @Test
  void flawsOfAnSvid() throws InterruptedException {
    assertThat(svid(Fault.KEY_MISMATCH).malformed()).isPresent();
    assertThat(svid(Fault.MALFORMED).malformed()).isPresent();
    assertThat(svid(Fault.UNTRUSTED).untrusted()).isPresent();
    // Expired is not the same as untrusted, and is judged elsewhere.
    assertThat(svid(Fault.EXPIRED).untrusted()).isEmpty();
    assertThat(svid(Fault.FUTURE).untrusted()).isEmpty();
    assertThat(svid(Fault.FOREIGN).untrusted()).isEmpty();
  }

  @Test
  void aBundleThatIsLargerThanClientsAcceptIsReadAllTheSame() throws InterruptedException {
    Answer answer = answer(Fault.HUGE_BUNDLE, new Request.X509Bundles());
    assertThat(((Answer.X509Bundles) answer).bytes()).isGreaterThan(4 * 1024 * 1024);
  }

  @Test
  void anAnswerThatIsTooLargeIsOneOfAnAgent() throws InterruptedException {
    CallEvent event = call(Fault.ENORMOUS_BUNDLE, new Request.X509Bundles(), LIMIT);
    assertThat(((CallEvent.Ended) event).ending().kind().servedByAgent()).isTrue();
  }

  @Test
  void bundlesAndTokens() throws InterruptedException {
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.NONE)) {
      Answer x509 = answered(agent, new Request.X509Bundles());
      assertThat(((Answer.X509Bundles) x509).bytes()).isPositive();
      Answer.JwtBundles jwt = (Answer.JwtBundles) answered(agent, new Request.JwtBundles());
      assertThat(jwt.bundles().getFirst().authorities()).isOne();
      Answer good = answered(agent, new Request.JwtSvid("api", jwt.keySets()));
      JwtSvidFacts token = ((Answer.JwtSvids) good).svids().getFirst();
      assertThat(token.rejected()).isEmpty();
      assertThat(token.audience()).isEqualTo(List.of("api"));
      Answer unverified = answered(agent, new Request.JwtSvid("api", Map.of()));
      assertThat(((Answer.JwtSvids) unverified).svids().getFirst().rejected()).isPresent();
    }
  }

  private Answer answered(SimulatedAgent agent, Request request) throws InterruptedException {
    return ((CallEvent.Answered) call(agent.socket(), request, LIMIT)).answer();
  }

  @Test
  void aTokenForSomebodyElseIsRejected() throws InterruptedException {
    Answer answer = answer(Fault.WRONG_AUDIENCE, new Request.JwtSvid("api", Map.of()));
    JwtSvidFacts token = ((Answer.JwtSvids) answer).svids().getFirst();
    assertThat(token.audience()).isEqualTo(List.of("somebody-else"));
    assertThat(token.rejected()).isPresent();
  }
}
