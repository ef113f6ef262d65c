using System.Text.Json;

namespace Workbench.Data.Rewards.Candidates;

/// <summary>One of several answers to a prompt.</summary>
/// <param name="Completion">A text or a list of messages.</param>
/// <param name="Score">The weighted sum of its rewards; null before it is scored.</param>
/// <param name="Json">The candidate with everything that stands beside its completion.</param>
public sealed record Candidate(JsonElement Completion, double? Score, JsonElement Json);
