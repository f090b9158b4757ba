package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories of a node may be mounted for a socket. */
class SocketDirectoryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/run/spire/sockets",
        "/run/spire/agent-sockets",
        "/run/spire/agent-sockets-upstream",
        "/run/spire/sockets/agent",
        "/var/run/spire/sockets",
        "/tmp/spire-agent/public",
        "/tmp/sock-42/public",
        "/opt/spire/sockets",
        "/var/lib/spire/agent-sockets",
        "/var/spire",
        "/run/spire",
        "/etcetera/spire",
        "/var/lib/kubelet/plugins/csi.spiffe.io",
        "/run/spire/",
        "/var/lib/kubelet/plugins/spire.example.org/agent",
        "/data/spire/sockets",
      })
  void ofAnAgentAre(String directory) {
    assertThat(SocketDirectory.refusal(directory)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "//",
        "/./",
        "/etc",
        "/etc/",
        "/etc/kubernetes",
        "//etc",
        "/etc/./kubernetes",
        "/var",
        "/var/lib",
        "/var/lib/kubelet",
        "/var/lib/kubelet/pods",
        "/var/lib/kubelet/pki",
        "/var/lib/kubelet/plugins",
        "/var/lib/kubelet/plugins/kubernetes.io",
        "/var/lib/kubelet/plugins/kubernetes.io/csi/ebs.csi.aws.com",
        "/var/lib/kubelet/plugins_registry",
        "/var/lib/k0s",
        "/var/lib/k0s/run",
        "/var/snap/microk8s/common/run",
        "/snap/microk8s",
        "/opt/bin",
        "/data",
        "/var/lib/etcd",
        "/var/lib/containerd/x",
        "/var/lib/docker",
        "/var/lib/rancher/k3s",
        "/var/run",
        "/run",
        "/proc",
        "/proc/1/root",
        "/sys",
        "/dev",
        "/root",
        "/root/.ssh",
        "/home",
        "/home/admin",
        "/usr",
        "/usr/bin",
        "/boot",
        "/tmp",
        "/opt",
        "/run/containerd",
        "/var/run/containerd",
        "/run/crio",
        "/var/run/crio",
        "/var/run/docker.sock",
        "/run/docker.sock",
        "/run/k3s/containerd",
        "/run/systemd",
        "/run/spire/../containerd",
        "/run/spire/..",
        "..",
        "run/spire",
        "spire",
        "",
        "/run/\u0000",
        "/run/a\nb",
      })
  void whatHoldsMoreIsNot(String directory) {
    assertThat(SocketDirectory.refusal(directory)).isPresent();
  }
}
