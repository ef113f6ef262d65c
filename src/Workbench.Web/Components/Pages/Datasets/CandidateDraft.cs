using System.Globalization;
using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Services;
using Workbench.Web.Services.Candidates;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>What a user is about to ask of a model: a <see cref="CandidateRequest"/> in the making.</summary>
public sealed class CandidateDraft
{
    /// <summary>Stands for an endpoint among the models.</summary>
    public const string AtEndpoint = "";

    public int Version { get; set; }

    public string ModelId { get; set; } = AtEndpoint;

    public string Endpoint { get; set; } = "";

    public string EndpointModel { get; set; } = "";

    public string ApiKey { get; set; } = "";

    public int Count { get; set; } = 4;

    public int? Prompts { get; set; } = 100;

    public double Temperature { get; set; } = 1;

    public double TopP { get; set; } = 1;

    public int MaxTokens { get; set; } = 256;

    public int Seed { get; set; }

    public string System { get; set; } = "";

    public long? MaxTotalTokens { get; set; }

    public RewardDraft Rewards { get; } = new();

    /// <summary>Takes what was asked before.</summary>
    public void Load(CandidateRequest request)
    {
        (Version, ModelId, Endpoint) = (request.Version, request.ModelId ?? AtEndpoint, request.Endpoint?.ToString() ?? "");
        EndpointModel = request.Endpoint is null ? "" : request.Model;
        (Count, Prompts, Temperature, TopP) = (request.Count, request.Prompts, request.Temperature, request.TopP);
        (MaxTokens, Seed, System, MaxTotalTokens) = (request.MaxTokens, request.Seed, request.System ?? "", request.MaxTotalTokens);
        Rewards.Load(request.Rewards);
    }

    /// <param name="modelName">The chosen model's name.</param>
    /// <exception cref="UserInputException">A field cannot be used; the message says which.</exception>
    public CandidateRequest Parse(string? modelName)
    {
        var local = ModelId != AtEndpoint;
        return new CandidateRequest
        {
            Version = Version,
            ModelId = local ? ModelId : null,
            Endpoint = local ? null : Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) ? url
                : throw new UserInputException(string.Create(CultureInfo.InvariantCulture, $"“{Endpoint}” is no address."), "Give one such as http://127.0.0.1:8000/v1.", "endpoint"),
            Model = local ? modelName ?? ModelId : EndpointModel.Trim() is { Length: > 0 } name ? name
                : throw new UserInputException("The endpoint's model has no name.", "Give the name that the endpoint knows it by.", "model"),
            Count = Count,
            Prompts = Prompts,
            Temperature = Temperature,
            TopP = TopP,
            MaxTokens = MaxTokens,
            Seed = Seed,
            System = string.IsNullOrWhiteSpace(System) ? null : System,
            MaxTotalTokens = MaxTotalTokens,
            Rewards = Rewards.ToJson(),
        };
    }
}
