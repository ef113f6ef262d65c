using System.Text.RegularExpressions;

namespace Workbench.Web.Services.Hub;

/// <summary>Sites that hold models.</summary>
public enum HubSiteKind
{
    HuggingFace,
    ModelScope,
}

/// <summary>What a repository on a site holds.</summary>
public enum HubKind
{
    Model,
    Dataset,
}

/// <summary>A model, or a dataset, on a site.</summary>
/// <param name="Site">Which site.</param>
/// <param name="Id">Owner and name, e.g. <c>Qwen/Qwen3-0.6B</c>.</param>
/// <param name="Revision">Branch, tag or commit; null for the site's main branch.</param>
public sealed partial record HubModel(HubSiteKind Site, string Id, string? Revision)
{
    /// <summary>What it is.</summary>
    public HubKind Kind { get; init; }

    /// <summary>How the sites' addresses name the kind.</summary>
    internal string Plural => Kind == HubKind.Model ? "models" : "datasets";

    /// <summary>The name without its owner.</summary>
    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>Reads what a user typed: an id, or the address of the page of the model or dataset.</summary>
    /// <exception cref="UserInputException">It is neither.</exception>
    public static HubModel Parse(HubSiteKind site, string text, string? revision = null, HubKind kind = HubKind.Model)
    {
        var id = text.Trim().TrimEnd('/');
        if (Uri.TryCreate(id, UriKind.Absolute, out var address) && address.Scheme is "https" or "http")
        {
            var parts = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            parts = parts is ["models" or "datasets", ..] ? parts[1..] : parts;
            site = address.Host.Contains("modelscope", StringComparison.OrdinalIgnoreCase) ? HubSiteKind.ModelScope : site;
            revision = string.IsNullOrWhiteSpace(revision) && parts is [_, _, "tree", .. var rest] ? string.Join('/', rest) : revision;
            id = string.Join('/', parts.Take(2));
        }

        if (!IdShape().IsMatch(id) || id.Contains("..", StringComparison.Ordinal))
        {
            throw new UserInputException($"\"{text.Trim()}\" is no {(kind == HubKind.Model ? "model" : "dataset")}'s id.", $"Write owner and name, e.g. {(kind == HubKind.Model ? "Qwen/Qwen3-0.6B" : "openai/gsm8k")}, or paste the address of its page.", "id");
        }

        var named = string.IsNullOrWhiteSpace(revision) ? null : revision.Trim();
        return named is null || (RevisionShape().IsMatch(named) && !named.Contains("..", StringComparison.Ordinal))
            ? new HubModel(site, id, named) { Kind = kind }
            : throw new UserInputException($"\"{named}\" is no revision.", "Write a branch, a tag or a commit, e.g. main.", "revision");
    }

    [GeneratedRegex(@"^[\w-][\w.-]{0,95}(/[\w-][\w.-]{0,95})?$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex IdShape();

    [GeneratedRegex(@"^[\w][\w./-]{0,127}$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex RevisionShape();
}

/// <summary>A file of a model or dataset on a site.</summary>
/// <param name="Path">Its path, with <c>/</c> between the parts.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of its bytes, lower case; null where the site gives none.</param>
/// <param name="GitBlob">Git's SHA-1 of it as a blob, where it is no LFS file; null where the site gives none.</param>
public sealed record HubFile(string Path, long Size, string? Sha256, string? GitBlob);

/// <summary>What a site holds under a revision.</summary>
/// <param name="Commit">The commit, by which the files stay the same between two visits; the revision where the site has none.</param>
/// <param name="Files">All of them.</param>
public sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files);
