package org.spiredoctor.wait;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.spiffe.spiffeid.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.Ending.Kind;
import org.spiredoctor.spire.X509SvidFacts;
import org.spiredoctor.wait.Result.End;

/** The waiting, in a world where time passes by script. */
class WaiterTest extends WaiterTestSupport {
  private static final Goal IDENTITY = new Goal.Identity(Optional.empty(), Optional.empty());

  private static Answer identity(String id) {
    return identity(id, Instant.parse("2026-01-02T03:00:00Z"));
  }

  private static Answer identity(String id, Instant notBefore) {
    return new Answer.X509Svids(
        List.of(
            new X509SvidFacts(
                id,
                "",
                Optional.of(
                    new X509SvidFacts.Validity(notBefore, notBefore.plus(Duration.ofHours(1)))),
                Optional.empty(),
                Optional.empty())),
        List.of(),
        1000);
  }

  @Test
  void forASocketSpeaksAsTheOldLoopDidAndSleepsTheGrace() throws InterruptedException {
    Result result = await(new ScriptedWorld().socketAppears(ofMillis(3500)), SOCKET);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofMillis(8500));
    assertThat(said)
        .containsExactly(
            "Waiting for SPIRE Workload API socket...",
            "Socket not found yet (waited 0s), retrying in 2s...",
            "Socket not found yet (waited 2s), retrying in 2s...",
            "✅ Socket found: /spire-socket/api.sock",
            "Waiting 5s for agent initialization...",
            "✅ Ready for workload attestation");
  }

  @Test
  void forServingIsReadyAtTheAnswerAndSleepsNoGrace() throws InterruptedException {
    ScriptedWorld world =
        new ScriptedWorld()
            .socketAppears(ofMillis(700))
            .agent((w, call) -> w.answers(call, BUNDLES));
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofMillis(700));
    assertThat(said).endsWith("✅ Ready for workload attestation");
    // Hanging up would delay the end of the process, which does it anyway.
    assertThat(world.hasOpenCall()).isTrue();
  }

  @Test
  void forServingTakesADenialForAnAnswer() throws InterruptedException {
    ScriptedWorld world =
        new ScriptedWorld()
            .socket()
            .agent((w, call) -> w.ends(call, Code.PERMISSION_DENIED, "no identity issued"));
    assertThat(await(world, SERVING).end()).isEqualTo(End.READY);
  }

  @Test
  void aSocketThatIsBoundButDoesNotListenYetIsTriedAgainAtOnce() throws InterruptedException {
    ScriptedWorld world =
        new ScriptedWorld()
            .socketAppears(ofSeconds(1))
            .agent(
                (w, call) -> {
                  if (call < 3) {
                    w.refuses(call);
                  } else {
                    w.answers(call, BUNDLES);
                  }
                });
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isLessThan(ofMillis(1100));
  }

  @Test
  void anIdentityThatComesLateIsWaitedForWithoutHammering() throws InterruptedException {
    ScriptedWorld world =
        new ScriptedWorld()
            .socket()
            .agent(
                (w, call) -> {
                  if (w.elapsed().compareTo(ofSeconds(20)) < 0) {
                    w.ends(call, Code.PERMISSION_DENIED, "no identity issued");
                  } else {
                    w.answers(call, identity("spiffe://example.org/web"));
                  }
                });
    Result result = await(world, IDENTITY);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isBetween(ofSeconds(20), ofSeconds(22));
    assertThat(world.calls).hasSizeBetween(10, 12);
    assertThat(result.attempts()).hasSize(2);
    assertThat(result.attempts().getFirst().times()).isGreaterThan(5);
  }

  @Test
  void anotherIdentityIsNotTheOneAndTheStreamStaysOpen() throws InterruptedException {
    SpiffeId wanted = SpiffeId.parse("spiffe://example.org/db");
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent((w, call) -> w.answers(call, identity("spiffe://example.org/web")));
    world.at(ofSeconds(9), () -> world.answers(1, identity(wanted.toString())));
    Result result = await(world, new Goal.Identity(Optional.of(wanted), Optional.empty()));
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofSeconds(9));
    assertThat(world.calls).hasSize(1);
  }

  @Test
  void aWallClockThatJumpsDoesNotChangeTheWaiting() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld();
    world.at(ofSeconds(3), () -> world.wallClockJumps(Duration.ofDays(365)));
    world.at(ofSeconds(6), () -> world.wallClockJumps(Duration.ofDays(-365)));
    world.socketAppears(ofSeconds(10)).agent((w, call) -> w.answers(call, BUNDLES));
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofSeconds(10));
  }

  @Test
  void anSvidIsJudgedByTheClockAsItIsWhenItArrives() throws InterruptedException {
    Instant later = Instant.parse("2026-01-02T05:00:00Z");
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent((w, call) -> w.answers(call, identity("spiffe://example.org/web", later)));
    world.at(
        ofSeconds(5),
        () -> {
          world.wallClockJumps(Duration.ofHours(2));
          world.answers(1, identity("spiffe://example.org/web", later));
        });
    Result result = await(world, IDENTITY);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofSeconds(5));
  }

  @Test
  void anSvidThatIsNotValidYetIsJudgedAgainWithoutANewOne() throws InterruptedException {
    Instant soon = Instant.parse("2026-01-02T03:04:35Z");
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent((w, call) -> w.answers(call, identity("spiffe://example.org/web", soon)));
    world.at(ofSeconds(30), () -> world.wallClockJumps(ofSeconds(30)));
    Result result = await(world, IDENTITY);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isBetween(ofSeconds(30), ofSeconds(31));
  }

  @Test
  void changesBesideTheSocketDoNotHurryTheCalls() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent((w, call) -> w.ends(call, Code.PERMISSION_DENIED, "no identity issued"));
    for (int i = 0; i < 1000; i++) {
      world.changesBesideIt(ofMillis(i * 50L));
    }
    assertThat(await(world, IDENTITY).end()).isEqualTo(End.TIMED_OUT);
    assertThat(world.calls).hasSizeLessThan(62);
  }

  @Test
  void aReplacedSocketIsCalledAnew() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent(
        (w, call) -> {
          if (call > 1) {
            w.answers(call, BUNDLES);
          }
        });
    world.socketAppears(ofSeconds(4));
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofSeconds(4));
  }

  @Test
  void anAgentThatNeverShakesHandsIsCalledAnewNowAndThen() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld().socket();
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.TIMED_OUT);
    assertThat(result.after()).isEqualTo(ofMinutes(2));
    assertThat(world.calls).hasSizeBetween(10, 13);
    assertThat(result.attempts().getLast().ending().orElseThrow().kind()).isEqualTo(Kind.SILENT);
  }

  @Test
  void aCallThatHadOnlyBegunSaysNothingAboutTheAgent() throws InterruptedException {
    ScriptedWorld world =
        new ScriptedWorld()
            .socket()
            .agent(
                (w, call) -> {
                  if (w.elapsed().compareTo(ofMillis(119_500)) < 0) {
                    w.refuses(call);
                  }
                });
    Result result = await(world, SERVING);
    assertThat(result.attempts().getLast().ending().orElseThrow().kind()).isEqualTo(Kind.REFUSED);
  }
}
