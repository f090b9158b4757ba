package org.spiredoctor.cli.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.kube.UserAgent;
import org.spiredoctor.run.Limits;
import org.spiredoctor.run.TestPodRequest;
import org.spiredoctor.run.VolumeChoice;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the pod of the tests is like, and how long its stages may take. */
public final class TestPodOptions {
  @Option(
      names = "--pod-name",
      paramLabel = "NAME",
      defaultValue = "spire-integration-test-ci",
      description = "Of the pod (default: spire-integration-test-ci)")
  private String name = "";

  @Option(
      names = "--replace",
      description = "End a live pod of an earlier run, and take its place; else only a left-over")
  private boolean replace;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "Of the tests' container (default: that of spire-doctor)")
  private @Nullable String image;

  @Option(
      names = "--doctor-image",
      paramLabel = "IMAGE",
      description =
          "Of spire-doctor (default: $SPIRE_DOCTOR_IMAGE, else that of the release's archive,"
              + " localhost/spire-doctor:VERSION)")
  private @Nullable String doctorImage;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "Run on this node (default: any on which an agent is ready)")
  private @Nullable String node;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label more, or instead of app=spire-integration-test; repeatable")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of the tests' container; repeatable")
  private Map<String, String> env = new LinkedHashMap<>();

  @Option(
      names = "--overrides",
      paramLabel = "FILE",
      description = "A strategic merge patch of the pod, YAML or JSON")
  private @Nullable Path overrides;

  @Option(
      names = "--volume",
      paramLabel = "KIND",
      defaultValue = "auto",
      description = "auto, csi or hostpath (default: auto: csi where the driver is)")
  private VolumeChoice volume = VolumeChoice.auto;

  @Option(
      names = "--socket-dir",
      paramLabel = "DIR",
      description =
          "Of the agent's socket, on the node (default: $SOCKET_DIR, what SPIRE's ready agents are"
              + " configured with, /tmp/spire-agent/public); / and /etc and the like are refused")
  private @Nullable String socketDir;

  @Option(
      names = "--socket-file",
      paramLabel = "NAME",
      description =
          "Of the agent's socket (default: $SOCKET_FILE, what the agent is configured with,"
              + " api.sock)")
  private @Nullable String socketFile;

  @Option(
      names = "--wait-for",
      paramLabel = "GOAL",
      description =
          "What the init container waits for: socket, serving or identity[=SPIFFE-ID] (default:"
              + " identity where an entry for the pod was registered, else serving)")
  private @Nullable String goal;

  @Option(
      names = "--start-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "For node, volumes and image of the pod (default: 60s)")
  private Duration start = Duration.ZERO;

  @Option(
      names = "--socket-timeout",
      paramLabel = "TIME",
      defaultValue = "120s",
      description = "Until the Workload API serves (default: 120s)")
  private Duration socket = Duration.ZERO;

  @Option(
      names = "--copy-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "Until the binary is in the pod (default: 60s)")
  private Duration copy = Duration.ZERO;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "Until the tests have ended (default: 10m)")
  private Duration tests = Duration.ZERO;

  /** The name of the pod. */
  public String name() {
    return name;
  }

  /** What all of these ask for. */
  public TestPodRequest request(Map<String, String> environment) throws UsageException {
    String doctor =
        given(doctorImage, environment, "SPIRE_DOCTOR_IMAGE")
            .orElseGet(() -> "localhost/spire-doctor:" + UserAgent.version());
    return new TestPodRequest(
        name,
        replace,
        image == null ? doctor : image,
        doctor,
        Optional.ofNullable(node),
        labels,
        env,
        volume,
        given(socketDir, environment, "SOCKET_DIR"),
        given(socketFile, environment, "SOCKET_FILE"),
        goal(),
        limits(),
        patch());
  }

  private Optional<String> goal() throws UsageException {
    if (goal != null) {
      try {
        new GoalConverter().convert(goal);
      } catch (TypeConversionException e) {
        throw new UsageException("--wait-for: " + e.getMessage());
      }
    }
    return Optional.ofNullable(goal);
  }

  private static Optional<String> given(
      @Nullable String flag, Map<String, String> environment, String variable) {
    return Optional.ofNullable(flag)
        .or(() -> Optional.ofNullable(environment.get(variable)))
        .filter(value -> !value.isEmpty());
  }

  private Limits limits() throws UsageException {
    for (Duration one : List.of(start, socket, copy, tests)) {
      if (one.isZero()) {
        throw new UsageException("a stage needs more time than nothing");
      }
    }
    return new Limits(start, socket, copy, tests);
  }

  private JsonNode patch() throws UsageException {
    if (overrides == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode patch = new YAMLMapper().readTree(Files.readAllBytes(overrides));
      if (patch == null || !patch.isObject()) {
        throw new UsageException("--overrides " + overrides + " holds no object");
      }
      return patch;
    } catch (IOException e) {
      throw new UsageException(
          "--overrides " + overrides + " cannot be read: " + FileFailure.inWords(e));
    }
  }
}
