package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Commands of kubectl are made in one place, where every word is quoted. */
class KubectlTest {
  private static final Path RULES = Path.of("src/main/java/org/spiredoctor/diagnosis/rules");

  /** A text that begins with a command of kubectl, or goes on with one. */
  private static final Pattern COMMAND = Pattern.compile("\"(?:[^\"]*[|&;] ?)?kubectl ");

  @Test
  void rulesWriteNoCommandsThemselves() throws IOException {
    try (Stream<Path> files = Files.walk(RULES)) {
      List<String> raw =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .flatMap(
                  file ->
                      lines(file)
                          .filter(line -> COMMAND.matcher(line).find())
                          .map(line -> file.getFileName() + ": " + line.strip()))
              .toList();
      assertThat(raw).as("use Kubectl").isEmpty();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsLookedForIsWhatCommandsLookLike() {
    assertThat(
            List.of("\"kubectl get pods -A\"", "+ \" | kubectl apply -f -\"", "\"a && kubectl b\""))
        .allMatch(line -> COMMAND.matcher(line).find());
    assertThat(List.of("\"from the pod itself (kubectl exec)\"", "\"see what kubectl says\""))
        .noneMatch(line -> COMMAND.matcher(line).find());
  }

  @Test
  void everyWordIsQuoted() {
    assertThat(Kubectl.command("get", "pods", "-n", "a b; c"))
        .isEqualTo("kubectl get pods -n 'a b; c'");
    assertThat(Shell.pipe("kubectl version", "grep", "-e", "pod list"))
        .isEqualTo("kubectl version | grep -e 'pod list'");
  }

  @Test
  void aRoleIsGivenToOneAccount() {
    assertThat(Kubectl.allow("a", "get,list", "pods", "ns:sa", Optional.empty()))
        .isEqualTo(
            "kubectl create clusterrole a --verb=get,list --resource=pods --dry-run=client -o yaml"
                + " | kubectl apply -f - && kubectl create clusterrolebinding a --clusterrole=a"
                + " --serviceaccount=ns:sa --dry-run=client -o yaml | kubectl apply -f -");
    assertThat(Kubectl.allow("a", "get", "pods", "ns:sa", Optional.of("ns")))
        .isEqualTo(
            "kubectl create role a --verb=get --resource=pods -n ns --dry-run=client -o yaml"
                + " | kubectl apply -f - && kubectl create rolebinding a --role=a"
                + " --serviceaccount=ns:sa -n ns --dry-run=client -o yaml | kubectl apply -f -");
  }
}
