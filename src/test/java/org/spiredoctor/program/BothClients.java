package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.program.Program.Run;

/**
 * Asks a real API server for all pods with one kubeconfig, once with kubectl and once with this
 * program.
 *
 * @param home of both, so that nobody's own kubeconfig is read
 */
record BothClients(Program program, Path home) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A plugin has 60 s. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** The API server's own words, which both clients pass on. */
  private static final Pattern REFUSED =
      Pattern.compile("User \"([^\"]+)\" cannot (\\w+) resource \"([^\"]+)\"");

  /** The API server gave the pods. */
  static final String ALLOWED = "allowed";

  /** The API server does not know who asks. */
  static final String UNKNOWN_USER = "401";

  /** The API server was not asked. */
  static final String FAILED = "failed";

  /**
   * What came of it.
   *
   * @param end {@link #ALLOWED}, {@link #UNKNOWN_USER}, {@link #FAILED}, or who lacks which
   *     permission, such as {@code jane cannot list pods}
   * @param text all that was printed
   */
  record Answer(String end, String text) {}

  /**
   * Both answers.
   *
   * @param kubectl that of kubectl
   * @param doctor that of this program
   */
  record Answers(Answer kubectl, Answer doctor) {
    /** That both end like this. */
    Answers are(String end) {
      assertThat(kubectl.end()).as("kubectl: %s", kubectl.text()).isEqualTo(end);
      assertThat(doctor.end()).as("spire-doctor: %s", doctor.text()).isEqualTo(end);
      return this;
    }

    /** That this program says why. */
    Answers because(String... texts) {
      assertThat(doctor.text()).contains(texts);
      return this;
    }
  }

  /** Asks with the kubeconfig that the environment names, or with the flags of both programs. */
  Answers ask(Map<String, String> environment, String... flags) {
    CompletableFuture<Answer> kubectl =
        CompletableFuture.supplyAsync(() -> kubectl(environment, flags));
    Answer doctor = doctor(environment, flags);
    return new Answers(kubectl.join(), doctor);
  }

  Answer doctor(Map<String, String> environment, String... flags) {
    String[] words =
        Stream.concat(Stream.of("check", "-o", "json"), Stream.of(flags)).toArray(String[]::new);
    Run run = program.start(ours(environment), words).end(LIMIT);
    String text = run.out() + run.err();
    try {
      JsonNode report = MAPPER.readTree(run.out());
      JsonNode cluster = report.path("path").path(0);
      if (!cluster.path("state").asText().equals("holds")) {
        String why = cluster.path("text").asText();
        return new Answer(why.contains("401 Unauthorized") ? UNKNOWN_USER : FAILED, text);
      }
      // Only what is said of pods: other kinds need other permissions.
      String missing =
          report.path("unknown").findValuesAsText("missing").stream()
              .filter(each -> each.startsWith("list pods: "))
              .findFirst()
              .orElse("");
      return refused(missing, text)
          .orElseGet(() -> new Answer(missing.isEmpty() ? ALLOWED : FAILED, text));
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private Answer kubectl(Map<String, String> environment, String... flags) {
    Run run = kubectlRun(environment, with(flags, "get", "--raw", "/api/v1/pods?limit=1"));
    String text = run.out() + run.err();
    if (run.code() == 0) {
      return new Answer(ALLOWED, text);
    }
    return refused(text, text)
        .orElseGet(
            () ->
                new Answer(
                    text.contains("must be logged in to the server") ? UNKNOWN_USER : FAILED,
                    text));
  }

  private static String[] with(String[] flags, String... words) {
    return Stream.concat(Stream.of(words), Stream.of(flags)).toArray(String[]::new);
  }

  private static Optional<Answer> refused(String said, String text) {
    Matcher matcher = REFUSED.matcher(said);
    return matcher.find()
        ? Optional.of(
            new Answer(
                matcher.group(1) + " cannot " + matcher.group(2) + " " + matcher.group(3), text))
        : Optional.empty();
  }

  /** Runs kubectl in the same environment. */
  Run kubectlRun(Map<String, String> environment, String... words) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(ours(environment));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
      String out = read(process.getInputStream());
      return new Run(process.waitFor(), out, err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String read(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> ours(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(Map.of("HOME", home.toString()));
    all.putAll(environment);
    return all;
  }
}
