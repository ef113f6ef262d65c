namespace Workbench.Web.Services.Hub;

/// <summary>Where models and datasets come from, under the environment variables that huggingface_hub and modelscope read.</summary>
public sealed record HubOptions
{
    /// <summary>HF_ENDPOINT: the Hub or a mirror of it.</summary>
    public Uri HuggingFace { get; init; } = new("https://huggingface.co");

    /// <summary>MODELSCOPE_DOMAIN, with or without a scheme.</summary>
    public Uri ModelScope { get; init; } = new("https://www.modelscope.cn");

    /// <summary>HF_TOKEN: for models that are private or gated.</summary>
    public string? HuggingFaceToken { get; init; }

    /// <summary>MODELSCOPE_API_TOKEN.</summary>
    public string? ModelScopeToken { get; init; }

    /// <summary>HF_HUB_OFFLINE: no request is to be made.</summary>
    public bool Offline { get; init; }

    /// <summary>Tries of a request or file that failed in a way that may pass.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Wait before the second try; doubles with every further one.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time without a byte before a connection counts as broken.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Address of a site.</summary>
    public Uri AddressOf(HubSiteKind site) => site == HubSiteKind.HuggingFace ? HuggingFace : ModelScope;

    /// <summary>The user's token for a site, else that of the environment.</summary>
    public string? TokenOf(HubSiteKind site, string? given) =>
        !string.IsNullOrWhiteSpace(given) ? given.Trim() : site == HubSiteKind.HuggingFace ? HuggingFaceToken : ModelScopeToken;

    /// <exception cref="UserInputException">The environment forbids requests.</exception>
    public void RequireOnline()
    {
        if (Offline)
        {
            throw new UserInputException("HF_HUB_OFFLINE is set: the workbench makes no request.", "Start it without that variable, or add what is on this machine.", "HF_HUB_OFFLINE");
        }
    }

    /// <summary>What the environment says.</summary>
    /// <exception cref="UserInputException">An address is none.</exception>
    public static HubOptions FromEnvironment()
    {
        var options = new HubOptions();
        return options with
        {
            HuggingFace = Address("HF_ENDPOINT") ?? options.HuggingFace,
            ModelScope = Address("MODELSCOPE_DOMAIN") ?? options.ModelScope,
            HuggingFaceToken = Text("HF_TOKEN"),
            ModelScopeToken = Text("MODELSCOPE_API_TOKEN"),
            Offline = Text("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON",
        };
    }

    private static string? Text(string variable) => Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static Uri? Address(string variable)
    {
        if (Text(variable) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate((text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text).TrimEnd('/'), UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? address
            : throw new UserInputException($"\"{text}\" is no address.", "Write it as https://host, or leave the variable out.", variable);
    }
}
