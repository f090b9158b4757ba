package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The memory of a process, as {@code /proc/PID/status} has it (proc_pid_status(5)). It is read
 * there because the resource usage that {@code wait4} reports also counts what the process was
 * before it became the program, namely a copy of the one that started it.
 *
 * @param peak {@code VmHWM}: the most that was ever resident, pages of files included; KiB
 * @param anonymous {@code RssAnon}: resident now and its own; KiB
 * @param file {@code RssFile}: resident now and backed by files, the program itself for one, which
 *     several containers on a node may share; KiB
 */
record Memory(long peak, long anonymous, long file) {

  /** Absent when the process has ended. */
  static Optional<Memory> of(long pid) {
    try {
      String status =
          new String(
              Files.readAllBytes(Path.of("/proc", Long.toString(pid), "status")),
              StandardCharsets.UTF_8);
      // A process that ended and was not fetched yet has a status without memory.
      return status.contains("VmHWM:")
          ? Optional.of(
              new Memory(kib(status, "VmHWM:"), kib(status, "RssAnon:"), kib(status, "RssFile:")))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long kib(String status, String name) {
    int from = status.indexOf(name) + name.length();
    return Long.parseLong(status.substring(from, status.indexOf("kB", from)).strip());
  }

  double peakMib() {
    return peak / 1024.0;
  }

  double anonymousMib() {
    return anonymous / 1024.0;
  }

  double fileMib() {
    return file / 1024.0;
  }
}
