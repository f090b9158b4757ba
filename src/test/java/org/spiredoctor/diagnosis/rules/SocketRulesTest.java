package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.closed;
import static org.spiredoctor.diagnosis.Scene.directory;
import static org.spiredoctor.diagnosis.Scene.mount;
import static org.spiredoctor.diagnosis.Scene.step;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Address.Origin;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending.Phase;

/** Each rule of {@code diagnosis.rules.socket}: the smallest evidence that shows its fault. */
class SocketRulesTest {
  private static final String REFUSED =
      "ConnectException: Connection refused: /spire-socket/api.sock";

  @Test
  void socketNotConfigured() {
    Expect.first(
        "socket-not-configured",
        Scene.pod()
            .address("unix:///tmp/spire-agent/public/api.sock", Origin.DEFAULT)
            .withoutDirectory()
            .mounts(mount("/", "/")));
    Finding found =
        Expect.first(
            "socket-not-configured",
            Scene.served().address("unix:///spire-socket/api.sock", Origin.DETECTED));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    Expect.healthy(
        Scene.served().address("unix:///spire-socket/api.sock", Origin.DETECTED).outsidePod());
  }

  @Test
  void socketAddressInvalid() {
    Finding found =
        Expect.first(
            "socket-address-invalid",
            Scene.pod().address("/spire-socket/api.sock", Origin.VARIABLE));
    assertThat(found.remedies().getFirst())
        .isInstanceOfSatisfying(
            Remedy.Patch.class,
            patch -> assertThat(patch.yaml()).contains("value: unix:///spire-socket/api.sock"));
    Expect.first("socket-address-invalid", Scene.pod().address("http://x", Origin.VARIABLE));
  }

  @Test
  void socketWrongName() {
    Finding found =
        Expect.first("socket-wrong-name", Scene.pod().at(FileKind.MISSING).siblings("agent.sock"));
    assertThat(found.summary()).contains("agent.sock");
  }

  @Test
  void socketDirectoryEmpty() {
    Expect.first("socket-directory-empty", Scene.pod().at(FileKind.MISSING).siblings());
    Finding gone =
        Expect.first(
            "socket-directory-empty",
            Scene.status(Code.PERMISSION_DENIED, "no identity issued")
                .at(FileKind.MISSING)
                .siblings());
    assertThat(gone.evidence().toString()).contains("was there before");
  }

  @Test
  void socketDirectoryMissing() {
    Expect.first("socket-directory-missing", Scene.pod().outsidePod().withoutDirectory());
    Expect.first(
        "socket-directory-missing",
        Scene.pod().withoutDirectory().mounts(mount("/", "/"), mount("/spire-socket", "/x")));
  }

  @Test
  void socketNotASocket() {
    Finding found = Expect.first("socket-not-a-socket", Scene.pod().at(FileKind.DIRECTORY));
    assertThat(found.summary()).contains("is a directory");
    Expect.first("socket-not-a-socket", Scene.pod().at(FileKind.FILE));
    // Mounted there by the kubelet: still one fault, not two.
    Expect.first(
        "socket-not-a-socket",
        Scene.pod()
            .at(FileKind.DIRECTORY)
            .mounts(mount("/", "/"), mount("/spire-socket/api.sock", "/tmp/x/api.sock")));
  }

  @Test
  void socketStale() {
    Expect.first("socket-stale", Scene.connection(Phase.CONNECT, REFUSED));
  }

  @Test
  void socketFileMounted() {
    Finding dead =
        Expect.first(
            "socket-file-mounted",
            Scene.connection(Phase.CONNECT, REFUSED)
                .mounts(mount("/", "/"), mount("/spire-socket/api.sock", "/tmp/x/api.sock")));
    assertThat(dead.severity()).isEqualTo(Severity.ERROR);
    Finding alive =
        Expect.first(
            "socket-file-mounted",
            Scene.served()
                .mounts(mount("/", "/"), mount("/spire-socket/api.sock", "/tmp/x/api.sock")));
    assertThat(alive.severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void socketWrongApi() {
    Expect.first(
        "socket-wrong-api", Scene.status(Code.UNIMPLEMENTED, "unknown service SpiffeWorkloadAPI"));
    Expect.first(
        "socket-wrong-api",
        Scene.connection(Phase.HANDSHAKE, "Http2Exception: First received frame was not SETTINGS"));
  }

  @Test
  void socketPermissionDenied() {
    Finding found =
        Expect.first(
            "socket-permission-denied",
            Scene.connection(Phase.CONNECT, "SocketException: Permission denied")
                .steps(
                    directory("/"),
                    directory("/spire-socket"),
                    closed("/spire-socket/api.sock", FileKind.SOCKET, 0700)));
    assertThat(found.evidence().toString()).contains("srwx------");
    Expect.first(
        "socket-permission-denied",
        Scene.pod()
            .steps(
                directory("/"),
                closed("/spire-socket", FileKind.DIRECTORY, 0750),
                closed("/spire-socket/api.sock", FileKind.HIDDEN, 0)));
  }

  @Test
  void socketDeniedBySelinux() {
    Expect.first(
        "socket-denied-by-selinux",
        Scene.connection(Phase.CONNECT, "SocketException: Permission denied")
            .selinux("system_u:system_r:container_t:s0:c1,c2")
            .steps(
                directory("/"),
                directory("/spire-socket"),
                closed("/spire-socket/api.sock", FileKind.SOCKET, 0777)));
  }

  @Test
  void csiVolumeBroken() {
    Expect.first(
        "csi-volume-broken",
        Scene.pod().at(FileKind.MISSING).unlistable("Transport endpoint is not connected"));
    Expect.first(
        "csi-volume-broken",
        Scene.pod()
            .at(FileKind.MISSING)
            .mounts(mount("/", "/"), mount("/spire-socket", "/run/spire/sockets//deleted")));
  }

  @Test
  void aDirectoryThatMayNotBeListedIsNotABrokenVolume() {
    Expect.healthy(Scene.served().unlistable("Permission denied"));
    Expect.first(
        "socket-directory-empty", Scene.pod().at(FileKind.MISSING).unlistable("Permission denied"));
  }

  @Test
  void socketUnreachableInSandbox() {
    Expect.first(
        "socket-unreachable-in-sandbox",
        Scene.connection(Phase.CONNECT, REFUSED).sandbox(Sandbox.KATA));
  }

  @Test
  void socketUnreachable() {
    Expect.first(
        "socket-unreachable",
        Scene.connection(Phase.CONNECT, "ConnectException: Connection refused: /127.0.0.1:9")
            .address(Address.strict("tcp://127.0.0.1:9", Origin.FLAG, "--socket")));
  }

  @Test
  void securityHeaderMissing() {
    Expect.first(
        "security-header-missing",
        Scene.status(Code.INVALID_ARGUMENT, "security header missing from request"));
  }

  @Test
  void aStepReadsAsLsShowsIt() {
    assertThat(step("/x", FileKind.DIRECTORY, 0750).inWords()).isEqualTo("drwxr-x--- 0:0 /x");
  }
}
