package org.spiredoctor.run;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What brings the directory of the agent's socket into a pod. */
public sealed interface SocketVolume {

  /** Puts it into a volume of a pod. */
  void source(ObjectNode volume);

  /** {@code hostPath /run/spire/sockets}. */
  String inWords();

  /** A directory of the node. */
  record HostPath(String directory) implements SocketVolume {
    @Override
    public void source(ObjectNode volume) {
      // With DirectoryOrCreate the kubelet would make what only the agent can.
      volume.putObject("hostPath").put("path", directory).put("type", "Directory");
    }

    @Override
    public String inWords() {
      return "hostPath " + directory;
    }
  }

  /** The SPIFFE CSI driver, which namespaces that forbid hostPath allow. */
  record Csi(String driver) implements SocketVolume {
    @Override
    public void source(ObjectNode volume) {
      volume.putObject("csi").put("driver", driver).put("readOnly", true);
    }

    @Override
    public String inWords() {
      return "CSI driver " + driver;
    }
  }
}
