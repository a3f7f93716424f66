/** What an operator sees of a pool with tools of its own: metrics for Prometheus, spans for OpenTelemetry. */
@NullMarked
package dev.ingot.scheduler.telemetry;

import org.jspecify.annotations.NullMarked;
