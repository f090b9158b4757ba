package org.spiredoctor.wait;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.wait.Result.End;

/** What ends the waiting, and what does not. */
class WaiterEndsTest extends WaiterTestSupport {
  @Test
  void timeUpWithoutASocket() throws InterruptedException {
    Result result = await(new ScriptedWorld(), SERVING);
    assertThat(result.end()).isEqualTo(End.TIMED_OUT);
    assertThat(result.socketSeen()).isFalse();
    assertThat(said).hasSize(1 + 60);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "DIRECTORY", "OTHER"})
  void somethingElseInTheSocketsPlaceEndsItAtOnce(FileKind kind) throws InterruptedException {
    Result result = await(new ScriptedWorld().lying(kind), SERVING);
    assertThat(result.end()).isEqualTo(End.HOPELESS);
    assertThat(result.after()).isZero();
  }

  @Test
  void noVolumeEndsItAtOnceUnlessToldToKeepWaiting() throws InterruptedException {
    assertThat(await(new ScriptedWorld().nothingIsMounted(), SERVING).end())
        .isEqualTo(End.HOPELESS);
    WaitLimits endless = new WaitLimits(ofSeconds(30), ofSeconds(2), ofSeconds(5), true);
    ScriptedWorld world =
        new ScriptedWorld()
            .nothingIsMounted()
            .socketAppears(ofSeconds(25))
            .agent((w, call) -> w.answers(call, BUNDLES));
    assertThat(await(world, SERVING, endless).end()).isEqualTo(End.READY);
  }

  @Test
  void theServersSocketEndsItAtOnce() throws InterruptedException {
    ScriptedWorld world =
        new ScriptedWorld()
            .socket()
            .agent((w, call) -> w.ends(call, Code.UNIMPLEMENTED, "unknown service"));
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.HOPELESS);
    assertThat(result.after()).isLessThan(ofSeconds(1));
  }

  @Test
  void aDeadSocketThatIsMountedItselfEndsItAtOnce() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld().socket().socketIsAMount();
    world.agent((w, call) -> w.refuses(call));
    assertThat(await(world, SERVING).end()).isEqualTo(End.HOPELESS);
  }

  @Test
  void aStaleSocketIsWaitedOnSinceTheAgentMayComeBack() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent(
        (w, call) -> {
          if (w.elapsed().compareTo(ofSeconds(30)) < 0) {
            w.refuses(call);
          } else {
            w.answers(call, BUNDLES);
          }
        });
    world.socketAppears(ofSeconds(30));
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofSeconds(30));
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSocketThatGoesAwayIsWaitedForWithoutSpinning() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld().socket();
    world.agent(
        (w, call) -> {
          if (w.elapsed().compareTo(ofSeconds(50)) < 0) {
            w.refuses(call);
          } else {
            w.answers(call, BUNDLES);
          }
        });
    world.at(ofSeconds(3), () -> world.lying(FileKind.MISSING));
    world.socketAppears(ofSeconds(50));
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.READY);
    assertThat(result.after()).isEqualTo(ofSeconds(50));
    assertThat(world.looks).isLessThan(2000);
  }

  @Test
  void aSignalEndsIt() throws InterruptedException {
    ScriptedWorld world = new ScriptedWorld();
    world.at(ofSeconds(7), world::stops);
    Result result = await(world, SERVING);
    assertThat(result.end()).isEqualTo(End.STOPPED);
    assertThat(result.after()).isEqualTo(ofSeconds(7));

    ScriptedWorld inGrace = new ScriptedWorld().socket();
    inGrace.at(ofSeconds(1), inGrace::stops);
    assertThat(await(inGrace, SOCKET).end()).isEqualTo(End.STOPPED);
  }
}
