namespace Workbench.Web.Languages;

/// <summary>
/// Names the one catalogue of the words on the pages (<see cref="Microsoft.Extensions.Localization.IStringLocalizer{T}"/>). The English
/// words are the keys and stand in the pages; other languages lie in <c>Languages/LANGUAGE/AREA.json</c>.
/// </summary>
public sealed class Words;
