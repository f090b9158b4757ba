package org.spiredoctor.console;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written. */
public final class FileFailure {
  private FileFailure() {}

  /** The reason alone: the file is named beside it. */
  public static String inWords(IOException e) {
    return switch (e) {
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
