package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.SocketDirectory;

/** The parts of pod manifests that remedies are made of. */
public final class Manifests {
  /** What YAML takes for a text without quotes. */
  private static final Pattern PLAIN =
      // Possessive, since a text may be long, and what repeats a group recurses.
      Pattern.compile("[A-Za-z/][A-Za-z0-9_./@+-]*+(?::[A-Za-z0-9_./@+-]++)*+");

  /** What YAML 1.1 takes for something else. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private Manifests() {}

  /** The variable that SPIFFE libraries read (SPIFFE Workload Endpoint, section 4). */
  public static String endpointVariable(String address) {
    return """
        env:
          - name: SPIFFE_ENDPOINT_SOCKET
            value: %s
        """
        .formatted(scalar(address));
  }

  /** The agent's socket directory, from the node. */
  public static String hostPath(String onNode, String inPod) {
    return """
        volumes:
          - name: spire-agent-socket
            hostPath:
              path: %s
              type: Directory
        containers:
          - volumeMounts:
              - name: spire-agent-socket
                mountPath: %s
                readOnly: true
        """
        .formatted(onNode(onNode), scalar(inPod));
  }

  /** The agent's socket directory, by the SPIFFE CSI driver. */
  public static String csi(String inPod) {
    return """
        volumes:
          - name: spire-agent-socket
            csi:
              driver: csi.spiffe.io
              readOnly: true
        containers:
          - volumeMounts:
              - name: spire-agent-socket
                mountPath: %s
                readOnly: true
        """
        .formatted(scalar(inPod));
  }

  /** The agent's socket directory, as the path of a volume that is there already. */
  public static String hostPathVolume(String volume, String onNode) {
    return """
        volumes:
          - name: %s
            hostPath:
              path: %s
              type: Directory
        """
        .formatted(scalar(volume), onNode(onNode));
  }

  /** A directory that an agent's manifest names; no remedy gives a pod more than a socket. */
  public static String onNode(String directory) {
    return SocketDirectory.refusal(directory).isPresent()
        ? "DIRECTORY-OF-THE-AGENTS-SOCKET"
        : scalar(directory);
  }

  /** A volume of the SPIFFE CSI driver, as it must be. */
  public static String csiVolume(String volume, String driver) {
    return """
        volumes:
          - name: %s
            csi:
              driver: %s
              readOnly: true
        """
        .formatted(scalar(volume), scalar(driver));
  }

  /** A variable of one container. */
  public static String variable(Container container, String name, String value) {
    return """
        %s:
          - name: %s
            env:
              - name: %s
                value: %s
        """
        .formatted(container.role().containers(), container.name(), name, scalar(value));
  }

  /** A mount of one container. */
  public static String mount(Container container, String volume, String inPod) {
    return """
        %s:
          - name: %s
            volumeMounts:
              - name: %s
                mountPath: %s
                readOnly: true
        """
        .formatted(container.role().containers(), container.name(), scalar(volume), scalar(inPod));
  }

  /**
   * A text as a scalar of YAML, which it stays whatever it holds: a path may have a newline, a
   * comment or a brace in it.
   */
  public static String scalar(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return PLAIN.matcher(line).matches() && !WORDS.contains(line.toLowerCase(Locale.ROOT))
        ? line
        : quoted(line);
  }

  /** A text in double quotes, as JSON, YAML and HCL have it. */
  public static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }
}
