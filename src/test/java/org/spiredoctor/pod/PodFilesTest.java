package org.spiredoctor.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.pod.PodEnvironment.Sandbox;

/** Looking at a real file system. */
class PodFilesTest {
  @TempDir private Path directory;

  @Test
  void aSocketAndWhatIsBesideIt() throws IOException {
    Path socket = directory.resolve("api.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      other.bind(UnixDomainSocketAddress.of(directory.resolve("agent.sock")));
      Files.createFile(directory.resolve("file"));
      SocketPath seen = PodFiles.look(socket);
      assertThat(seen.kind()).isEqualTo(FileKind.SOCKET);
      assertThat(seen.otherSockets()).containsExactly("agent.sock");
      assertThat(seen.barrier()).isEmpty();
      assertThat(seen.steps().getFirst().path()).isEqualTo(Path.of("/"));
    }
  }

  @Test
  void whatLiesThereInstead() throws IOException {
    Path path = directory.resolve("api.sock");
    assertThat(PodFiles.look(path).kind()).isEqualTo(FileKind.MISSING);
    assertThat(PodFiles.look(path).directoryExists()).isTrue();
    Files.createFile(path);
    assertThat(PodFiles.look(path).kind()).isEqualTo(FileKind.FILE);
    assertThat(PodFiles.look(path.resolve("below")).kind()).isEqualTo(FileKind.MISSING);
    Files.delete(path);
    Files.createSymbolicLink(path, directory.resolve("nowhere"));
    assertThat(PodFiles.look(path).kind()).isEqualTo(FileKind.MISSING);
    Files.delete(path);
    Files.createSymbolicLink(path, directory);
    assertThat(PodFiles.look(path).kind()).isEqualTo(FileKind.DIRECTORY);
    assertThat(PodFiles.look(directory.resolve("a/b/c")).directoryExists()).isFalse();
  }

  @Test
  void mountsGoByThePathWithoutLinks() throws IOException {
    Path real = Files.createDirectory(directory.toRealPath().resolve("run"));
    Files.createSymbolicLink(directory.resolve("var-run"), real);
    Path asked = directory.resolve("var-run/spire/api.sock");
    assertThat(PodFiles.look(asked).resolved()).isEqualTo(real.resolve("spire/api.sock"));
    assertThat(PodFiles.look(asked).path()).isEqualTo(asked);
  }

  @Test
  void modesAreSeen() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(PodFiles.step(inner).inWords()).startsWith("drwxr-x--- ").endsWith(" " + inner);
  }

  @Test
  void surroundingsOfAPod() throws IOException {
    Path account = directory.resolve("var/run/secrets/kubernetes.io/serviceaccount");
    Files.createDirectories(account);
    Files.writeString(account.resolve("namespace"), "apps\n");
    Files.createDirectories(directory.resolve("proc/self/attr"));
    Files.writeString(
        directory.resolve("proc/self/attr/current"), "system_u:system_r:container_t:s0:c1,c2\0");
    Path volume = Files.createDirectories(directory.resolve("spire-socket"));
    Files.writeString(
        directory.resolve("proc/self/mountinfo"),
        """
        1 0 0:1 / / rw - overlay overlay rw
        2 1 0:2 /tmp/x /spire-socket rw - virtiofs kataShared rw
        3 1 0:3 /pods/1/etc-hosts /etc/hosts rw - ext4 /dev/vda rw
        """);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(volume.resolve("api.sock")));
      PodEnvironment seen = new PodInspector(directory, Map.of("HOSTNAME", "web-0")).look();
      assertThat(seen.inPod()).isTrue();
      assertThat(seen.namespace()).contains("apps");
      assertThat(seen.hostname()).isEqualTo("web-0");
      assertThat(seen.sandbox()).contains(Sandbox.KATA);
      assertThat(seen.selinux()).contains("system_u:system_r:container_t:s0:c1,c2");
      assertThat(seen.sockets()).containsExactly(volume.resolve("api.sock"));
    }
  }

  @Test
  void surroundingsWithoutProc() {
    PodEnvironment seen = new PodInspector(directory, Map.of()).look();
    assertThat(seen.inPod()).isFalse();
    assertThat(seen.mounts()).isEmpty();
    assertThat(seen.uid()).isEmpty();
  }
}
