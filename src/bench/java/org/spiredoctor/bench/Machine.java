package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where it was measured. */
record Machine(int cores, String processor, String kernel) {

  static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        model(),
        System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
  }

  /** Arm kernels do not name the model; then it is the architecture. */
  private static String model() {
    String architecture = System.getProperty("os.arch", "");
    try {
      return new String(Files.readAllBytes(Path.of("/proc/cpuinfo")), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture;
    }
  }

  @Override
  public String toString() {
    return cores + (cores == 1 ? " core, " : " cores, ") + processor + ", " + kernel;
  }
}
