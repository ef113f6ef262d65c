using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>Something happened to a run; told after it was stored.</summary>
public abstract record RunEvent(string RunId);

/// <summary>The run's row changed (state, reason, place in the queue, progress).</summary>
public sealed record RunStatusChanged(string RunId, RunEntry Run) : RunEvent(RunId);

/// <summary>New metric lines, in order of their sequence numbers.</summary>
public sealed record RunMetricsAdded(string RunId, IReadOnlyList<RunMetric> Points) : RunEvent(RunId);

/// <summary>Text was added to the run's log.</summary>
public sealed record RunLogAdded(string RunId, string Text) : RunEvent(RunId);

/// <summary>The run is gone.</summary>
public sealed record RunDeleted(string RunId) : RunEvent(RunId);
