/**
 * What a kubeconfig says of an API server and of who asks it, as kubectl understands it. It is read
 * here and not by a client library: those that were tried let environment variables of their own
 * override the file, ignore {@code as} and {@code tls-server-name}, and run exec plugins by a shell
 * and without a time limit.
 */
@NullMarked
package org.spiredoctor.kube.config;

import org.jspecify.annotations.NullMarked;
